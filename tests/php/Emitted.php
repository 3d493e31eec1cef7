<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests;

/**
 * Hands messages over to tests/php/test_suite.py, which reads them as a consumer would: by their JSON Schema and by
 * their model.
 */
final class Emitted
{
    public static function keep(string $name, string $body): void
    {
        $folder = getenv('SIDECAR_TEST_EMITTED');
        if ($folder !== false) {
            file_put_contents("$folder/" . preg_replace('/[^\w.-]+/', '-', $name) . '.json', $body);
        }
    }
}
