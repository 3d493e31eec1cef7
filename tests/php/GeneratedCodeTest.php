<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests;

use PHPUnit\Framework\TestCase;
use RecursiveDirectoryIterator;
use RecursiveIteratorIterator;
use SimpleXMLElement;
use SplFileInfo;

/**
 * What Magento's code generator and its readers of XML cannot take; each of these stopped a shop, and no test without
 * one would notice.
 */
final class GeneratedCodeTest extends TestCase
{
    private const MODULE = __DIR__ . '/../../magento_module/';

    /**
     * Interfaces of Magento's that have plugins, in its own modules or in those that shops add.
     */
    private const INTERCEPTED = [
        'ResolverInterface',
        'CommandInterface',
        'AdditionalDataProviderInterface',
        'HttpGetActionInterface',
        'HttpPostActionInterface',
        'ConfigProviderInterface',
    ];

    public function testIsAClassThatMagentoInterceptsNotFinal(): void
    {
        $ours = implode('|', self::INTERCEPTED);
        $intercepted = "/^final class \\w+ (extends (?!\\w*Exception)|.*implements .*($ours))/m";

        self::assertSame([], self::files(static fn (string $code): bool => preg_match($intercepted, $code) === 1));
    }

    /**
     * Magento 2.4.4's generator asks a type for its name, which a union has not.
     */
    public function testHasAClassThatMagentoMayExtendNoUnionsInItsSignatures(): void
    {
        $union = '/(?:public|protected) function \w+\([^{;]*[\w\\\\]\|[\w\\\\]/';

        self::assertSame([], self::files(
            static fn (string $code): bool => !str_contains($code, "\nfinal class") && preg_match($union, $code) === 1
        ));
    }

    /**
     * An array with such a key is an object to be made, for the settings' page as for the compiler.
     */
    public function testIsNothingOfThePagesAndArgumentsCalledInstance(): void
    {
        $named = [
            ...self::xml('adminhtml/system.xml')->xpath('//field[@id="instance"]'),
            ...self::xml('di.xml')->xpath('//item[@name="instance"]'),
        ];

        self::assertSame([], $named);
    }

    public function testHaveGroupsAndMethodsOfPaymentIdsOfTheirOwn(): void
    {
        $payment = self::xml('payment.xml');
        $ids = array_map('strval', [...$payment->xpath('//group/@id'), ...$payment->xpath('//method/@name')]);

        self::assertSame(array_unique($ids), $ids);
    }

    /**
     * @param callable(string): bool $isSo
     * @return list<string> the files of the module of which it is so
     */
    private static function files(callable $isSo): array
    {
        $found = [];
        $files = new RecursiveIteratorIterator(
            new RecursiveDirectoryIterator(self::MODULE, RecursiveDirectoryIterator::SKIP_DOTS)
        );
        /** @var SplFileInfo $file */
        foreach ($files as $file) {
            if ($file->getExtension() === 'php' && $isSo(file_get_contents($file->getPathname()))) {
                $found[] = substr($file->getPathname(), strlen(self::MODULE));
            }
        }
        return $found;
    }

    private static function xml(string $name): SimpleXMLElement
    {
        return new SimpleXMLElement(file_get_contents(self::MODULE . "etc/$name"));
    }
}
