<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests;

use SimpleXMLElement;

/**
 * Reads etc/db_schema.xml and writes the statements that Magento's declarative schema makes of it.
 *
 * Only whole tables are known: a column that is added to one of Magento's own tables is none.
 */
final class DeclaredSchema
{
    /** @var array<string, SimpleXMLElement> */
    private array $tables = [];

    public function __construct(string $xml)
    {
        foreach ((new SimpleXMLElement($xml))->table as $table) {
            if (str_starts_with((string) $table['name'], 'sidecar_')) {
                $this->tables[(string) $table['name']] = $table;
            }
        }
    }

    public static function ofTheModule(): self
    {
        return new self(file_get_contents(dirname(__DIR__, 2) . '/magento_module/etc/db_schema.xml'));
    }

    /**
     * @return list<string>
     */
    public function tables(): array
    {
        return array_keys($this->tables);
    }

    public function statement(string $table, string $prefix): string
    {
        $parts = [];
        foreach ($this->tables[$table]->column as $column) {
            $parts[] = $this->column($column);
        }
        foreach ($this->tables[$table]->constraint as $constraint) {
            $kind = ['primary' => 'PRIMARY KEY', 'unique' => 'UNIQUE KEY'][$this->type($constraint)] ?? null;
            if ($kind !== null) {
                $parts[] = $kind . ' (' . $this->names($constraint) . ')';
            }
        }
        foreach ($this->tables[$table]->index as $index) {
            $parts[] = 'KEY (' . $this->names($index) . ')';
        }
        return sprintf(
            'CREATE TABLE `%s%s` (%s) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4',
            $prefix,
            $table,
            implode(', ', $parts)
        );
    }

    private function column(SimpleXMLElement $column): string
    {
        $type = $this->type($column);
        $size = match ($type) {
            'varchar', 'varbinary' => sprintf('(%d)', $column['length']),
            'decimal' => sprintf('(%d,%d)', $column['precision'], $column['scale']),
            default => '',
        };
        $type = ['boolean' => 'tinyint(1)'][$type] ?? $type;
        $default = (string) $column['default'];
        $literal = preg_match('/^(-?\d+|CURRENT_TIMESTAMP)$/', $default) ? $default : "'$default'";
        return implode(' ', array_filter([
            '`' . $column['name'] . '`',
            $type . $size,
            (string) $column['unsigned'] === 'true' ? 'UNSIGNED' : '',
            (string) $column['nullable'] === 'false' ? 'NOT NULL' : 'NULL',
            $default === '' ? '' : 'DEFAULT ' . $literal,
            (string) $column['on_update'] === 'true' ? 'ON UPDATE CURRENT_TIMESTAMP' : '',
            (string) $column['identity'] === 'true' ? 'AUTO_INCREMENT' : '',
        ]));
    }

    private function type(SimpleXMLElement $element): string
    {
        return (string) $element->attributes('xsi', true)['type'];
    }

    private function names(SimpleXMLElement $key): string
    {
        $names = [];
        foreach ($key->column as $column) {
            $names[] = '`' . $column['name'] . '`';
        }
        return implode(', ', $names);
    }
}
