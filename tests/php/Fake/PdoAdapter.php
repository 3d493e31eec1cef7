<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\DB\Adapter\AdapterInterface;
use PDO;
use PDOStatement;

/**
 * Magento's database adapter over a real MySQL or MariaDB: nested transactions, SQL mode and time zone are as Magento
 * has them (Magento\Framework\DB\Adapter\Pdo\Mysql), values come back as strings.
 */
class PdoAdapter implements AdapterInterface
{
    private int $level = 0;
    private bool $rolledBack = false;

    public function __construct(private readonly PDO $pdo)
    {
        $pdo->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
        $pdo->setAttribute(PDO::ATTR_STRINGIFY_FETCHES, true);
        $pdo->exec("SET NAMES utf8, time_zone = '+00:00', SQL_MODE = ''");
    }

    public function beginTransaction()
    {
        if ($this->rolledBack) {
            throw new \RuntimeException('Rolled back transaction has not been completed correctly.');
        }
        if ($this->level === 0) {
            $this->pdo->beginTransaction();
        }
        $this->level++;
        return $this;
    }

    public function commit()
    {
        if ($this->level === 0) {
            throw new \RuntimeException('Asymmetric transaction commit.');
        }
        if ($this->rolledBack) {
            throw new \RuntimeException('Rolled back transaction has not been completed correctly.');
        }
        if ($this->level === 1) {
            $this->pdo->commit();
        }
        $this->level--;
        return $this;
    }

    public function rollBack()
    {
        if ($this->level === 0) {
            throw new \RuntimeException('Asymmetric transaction rollback.');
        }
        if ($this->level === 1) {
            $this->pdo->rollBack();
        }
        $this->rolledBack = $this->level > 1;
        $this->level--;
        return $this;
    }

    public function getTransactionLevel()
    {
        return $this->level;
    }

    /**
     * @return PDOStatement
     */
    public function query($sql, $bind = [])
    {
        $statement = $this->pdo->prepare((string) $sql);
        $statement->execute(is_array($bind) ? $bind : [$bind]);
        return $statement;
    }

    public function fetchAll($sql, $bind = [], $fetchMode = null)
    {
        return $this->query($sql, $bind)->fetchAll($fetchMode ?? PDO::FETCH_ASSOC);
    }

    public function fetchRow($sql, $bind = [], $fetchMode = null)
    {
        return $this->query($sql, $bind)->fetch($fetchMode ?? PDO::FETCH_ASSOC);
    }

    public function fetchCol($sql, $bind = [])
    {
        return $this->query($sql, $bind)->fetchAll(PDO::FETCH_COLUMN);
    }

    public function fetchPairs($sql, $bind = [])
    {
        return $this->query($sql, $bind)->fetchAll(PDO::FETCH_KEY_PAIR);
    }

    public function fetchOne($sql, $bind = [])
    {
        return $this->query($sql, $bind)->fetchColumn();
    }

    public function insert($table, array $bind)
    {
        return $this->insertMultiple($table, [$bind]);
    }

    public function insertMultiple($table, array $data)
    {
        $rows = isset($data[0]) ? $data : [$data];
        return $this->query($this->insertion($table, $rows), $this->values($rows))->rowCount();
    }

    public function insertOnDuplicate($table, array $data, array $fields = [])
    {
        $rows = isset($data[0]) ? $data : [$data];
        $sets = array_map(
            fn (string $field): string => sprintf('%1$s = VALUES(%1$s)', $this->quoteIdentifier($field)),
            $fields ?: array_keys($rows[0])
        );
        $sql = $this->insertion($table, $rows) . ' ON DUPLICATE KEY UPDATE ' . implode(', ', $sets);
        return $this->query($sql, $this->values($rows))->rowCount();
    }

    public function update($table, array $bind, $where = '')
    {
        $sets = array_map(fn (string $field): string => $this->quoteIdentifier($field) . ' = ?', array_keys($bind));
        $sql = sprintf('UPDATE %s SET %s', $this->quoteIdentifier($table), implode(', ', $sets));
        return $this->query($sql . $this->condition($where), array_values($bind))->rowCount();
    }

    public function delete($table, $where = '')
    {
        return $this->query('DELETE FROM ' . $this->quoteIdentifier($table) . $this->condition($where))->rowCount();
    }

    public function quote($value, $type = null)
    {
        if (is_array($value)) {
            return implode(', ', array_map(fn ($each): string => $this->quote($each), $value));
        }
        return is_int($value) ? (string) $value : $this->pdo->quote((string) $value);
    }

    public function quoteInto($text, $value, $type = null, $count = null)
    {
        return str_replace('?', $this->quote($value), $text);
    }

    public function quoteIdentifier($ident, $auto = false)
    {
        return '`' . str_replace('.', '`.`', str_replace('`', '``', (string) $ident)) . '`';
    }

    public function isTableExists($tableName, $schemaName = null)
    {
        return (bool) $this->fetchOne(
            'SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
            [$tableName]
        );
    }

    public function tableColumnExists($tableName, $columnName, $schemaName = null)
    {
        return (bool) $this->fetchOne(
            'SELECT COUNT(*) FROM information_schema.columns'
            . ' WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?',
            [$tableName, $columnName]
        );
    }

    /**
     * @param list<array<string, mixed>> $rows
     */
    private function insertion(string $table, array $rows): string
    {
        $columns = array_keys($rows[0]);
        return sprintf(
            'INSERT INTO %s (%s) VALUES %s',
            $this->quoteIdentifier($table),
            implode(', ', array_map(fn (string $column): string => $this->quoteIdentifier($column), $columns)),
            implode(', ', array_fill(0, count($rows), '(' . implode(', ', array_fill(0, count($columns), '?')) . ')'))
        );
    }

    /**
     * @param list<array<string, mixed>> $rows
     * @return list<mixed>
     */
    private function values(array $rows): array
    {
        return array_merge(...array_map('array_values', $rows));
    }

    /**
     * As Zend_Db_Adapter_Abstract::_whereExpr: conditions are joined by AND, keys with a `?` take their value.
     *
     * @param string|array<int|string, mixed> $where
     */
    private function condition(string|array $where): string
    {
        $conditions = [];
        foreach ((array) $where as $key => $value) {
            $conditions[] = '(' . (is_int($key) ? $value : $this->quoteInto($key, $value)) . ')';
        }
        return $where === '' || $where === [] ? '' : ' WHERE ' . implode(' AND ', $conditions);
    }
}
