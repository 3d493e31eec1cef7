<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests;

use PDO;
use Sidecar\Stripe\Tests\Fake\PdoAdapter;
use Sidecar\Stripe\Tests\Fake\PdoResourceConnection;

/**
 * The database of a test file (SIDECAR_TEST_DATABASE_URL) with the module's tables as etc/db_schema.xml declares them,
 * made anew for each test.
 */
final class TestDatabase
{
    /** A prefix as many shops have one, so that a table that is named without it is not found. */
    public const PREFIX = 'mg_';

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

    /** Drop the module's tables and make them again, empty. */
    public static function reset(): void
    {
        $adapter = self::connect();
        $schema = DeclaredSchema::ofTheModule();
        $adapter->query('SET FOREIGN_KEY_CHECKS = 0');
        foreach ($schema->tables() as $table) {
            $adapter->query('DROP TABLE IF EXISTS ' . $adapter->quoteIdentifier(self::PREFIX . $table));
            $adapter->query($schema->statement($table, self::PREFIX));
        }
        $adapter->query('SET FOREIGN_KEY_CHECKS = 1');
    }
}
