<?php

declare(strict_types=1);

namespace Magento\Framework\DB\Adapter;

interface AdapterInterface
{
    public function beginTransaction();

    public function commit();

    public function rollBack();

    public function getTransactionLevel();

    public function query($sql, $bind = []);

    public function fetchAll($sql, $bind = [], $fetchMode = null);

    public function fetchRow($sql, $bind = [], $fetchMode = null);

    public function fetchCol($sql, $bind = []);

    public function fetchPairs($sql, $bind = []);

    public function fetchOne($sql, $bind = []);

    public function insert($table, array $bind);

    public function insertMultiple($table, array $data);

    public function insertOnDuplicate($table, array $data, array $fields = []);

    public function update($table, array $bind, $where = '');

    public function delete($table, $where = '');

    public function quote($value, $type = null);

    public function quoteInto($text, $value, $type = null, $count = null);

    public function quoteIdentifier($ident, $auto = false);

    public function isTableExists($tableName, $schemaName = null);

    public function tableColumnExists($tableName, $columnName, $schemaName = null);
}
