<?php

/**
 * Loads the module, the tests and what the module is written against.
 *
 * Magento's classes are those of tests/php/Magento: signatures that we wrote down, so that the tests need no shop.
 * tests/php/test_stubs.py compares them with a real Magento's where there is one.
 */

declare(strict_types=1);

error_reporting(E_ALL);
date_default_timezone_set('America/Los_Angeles'); // As a shop's may be: whatever means UTC has to say so.

require_once 'PhpAmqpLib/autoload.php';
require_once 'Psr/Log/autoload.php';
require_once 'Symfony/Component/Console/autoload.php';

spl_autoload_register(static function (string $class): void {
    $folders = [
        'Sidecar\\Stripe\\Tests\\' => __DIR__ . '/',
        'Sidecar\\Stripe\\' => dirname(__DIR__, 2) . '/magento_module/',
        'Magento\\' => __DIR__ . '/Magento/',
    ];
    foreach ($folders as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            $file = $folder . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
            if (is_file($file)) {
                require_once $file;
            }
            return;
        }
    }
});

/** As app/functions.php of Magento's: words in the language of the shop. */
function __(string $text, mixed ...$arguments): \Magento\Framework\Phrase
{
    return new \Magento\Framework\Phrase($text, $arguments);
}
