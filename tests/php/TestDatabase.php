<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests;

use PDO;
use Sidecar\Stripe\Tests\Fake\PdoAdapter;
use Sidecar\Stripe\Tests\Fake\PdoResourceConnection;

/**
 * The database of a test file (SIDECAR_TEST_DATABASE_URL), with the module's tables as etc/db_schema.xml declares them
 * and Magento's as far as the module reads them (magento.sql).
 */
final class TestDatabase
{
    /** A prefix as many shops have one, so that a table that is named without it is not found. */
    public const PREFIX = 'mg_';

    private static bool $isMade = false;

    public static function url(): string
    {
        $url = getenv('SIDECAR_TEST_DATABASE_URL');
        if ($url === false) {
            throw new \RuntimeException('SIDECAR_TEST_DATABASE_URL names no database');
        }
        return $url;
    }

    /** A connection of its own, as every PHP worker has one. */
    public static function connect(): PdoAdapter
    {
        $url = parse_url(self::url());
        return new PdoAdapter(new PDO(
            sprintf('mysql:host=%s;port=%d;dbname=%s', $url['host'], $url['port'] ?? 3306, trim($url['path'], '/')),
            urldecode($url['user'] ?? 'root'),
            urldecode($url['pass'] ?? '')
        ));
    }

    /** A resource connection over a connection of its own. */
    public static function resource(): PdoResourceConnection
    {
        return new PdoResourceConnection(self::connect(), self::PREFIX);
    }

    /** Make the module's tables, or empty them. */
    public static function reset(): void
    {
        self::make();
        $adapter = self::connect();
        foreach (self::tables() as $table) {
            $adapter->query('DELETE FROM ' . $adapter->quoteIdentifier($table));
        }
    }

    /** The same, and Magento's tables as far as the module reads them (magento.sql), with the store of the admin. */
    public static function resetWithMagento(): void
    {
        self::reset();
        $adapter = self::connect();
        $adapter->insert(self::PREFIX . 'store_website', ['website_id' => 0, 'code' => 'admin']);
        $adapter->insert(self::PREFIX . 'store', ['store_id' => 0, 'code' => 'admin', 'website_id' => 0]);
    }

    /** This test changes the tables: the next one gets new ones. */
    public static function isAltered(): void
    {
        self::$isMade = false;
    }

    private static function make(): void
    {
        if (self::$isMade) {
            return;
        }
        $adapter = self::connect();
        foreach (self::tables() as $table) {
            $adapter->query('DROP TABLE ' . $adapter->quoteIdentifier($table));
        }
        $schema = DeclaredSchema::ofTheModule();
        foreach ($schema->tables() as $table) {
            $adapter->query($schema->statement($table, self::PREFIX));
        }
        $statements = str_replace('{prefix}', self::PREFIX, file_get_contents(__DIR__ . '/magento.sql'));
        foreach (preg_split('/;\s*\n/', $statements, -1, PREG_SPLIT_NO_EMPTY) as $statement) {
            $adapter->query($statement);
        }
        self::$isMade = true;
    }

    /**
     * @return list<string>
     */
    private static function tables(): array
    {
        return self::connect()->fetchCol(
            'SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()'
        );
    }
}
