<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Config;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Config\BrokerConfig;
use Sidecar\Stripe\Tests\Fake\Environment;
use Sidecar\Stripe\Tests\Fake\ReversingEncryptor;
use Sidecar\Stripe\Tests\Fake\Settings;

final class BrokerConfigTest extends TestCase
{
    private const MAGENTOS = [
        'queue/amqp/host' => 'rabbit',
        'queue/amqp/port' => '5673',
        'queue/amqp/user' => 'magento',
        'queue/amqp/password' => 'secret',
        'queue/amqp/virtualhost' => '/shop',
        'queue/amqp/ssl' => 'true',
        'queue/amqp/ssl_options' => ['cafile' => '/ca.pem', 'verify_peer' => true],
    ];
    private const OWN = [
        'sidecar_stripe/broker/use_magento' => '0',
        'sidecar_stripe/broker/host' => ' own ',
        'sidecar_stripe/broker/user' => 'sidecar',
        'sidecar_stripe/broker/password' => 'terces',
    ];

    public function testIsMagentosConnectionTakenUnlessAnotherIsSetUp(): void
    {
        $config = self::config();

        self::assertSame('rabbit', $config->host());
        self::assertSame(5673, $config->port());
        self::assertSame('magento', $config->user());
        self::assertSame('secret', $config->password());
        self::assertSame('/shop', $config->virtualHost());
        self::assertTrue($config->usesTls());
        self::assertSame(['cafile' => '/ca.pem', 'verify_peer' => true], $config->tlsOptions());
    }

    public function testIsAConnectionOfItsOwnTakenWithItsPasswordDecrypted(): void
    {
        $config = self::config(self::OWN);

        self::assertSame('own', $config->host());
        self::assertSame(5672, $config->port());
        self::assertSame('sidecar', $config->user());
        self::assertSame('secret', $config->password());
        self::assertSame('/', $config->virtualHost());
        self::assertFalse($config->usesTls());
    }

    public function testIsThePeerCheckedOnAConnectionOfItsOwn(): void
    {
        $tls = self::OWN + ['sidecar_stripe/broker/tls' => '1'];

        self::assertTrue(self::config($tls)->usesTls());
        self::assertSame(5671, self::config($tls)->port());
        self::assertSame(['verify_peer' => true, 'verify_peer_name' => true], self::config($tls)->tlsOptions());
        self::assertSame(
            ['verify_peer' => true, 'verify_peer_name' => true, 'cafile' => '/own-ca.pem'],
            self::config($tls + ['sidecar_stripe/broker/tls_ca_file' => '/own-ca.pem'])->tlsOptions()
        );
    }

    public function testWhatIsTakenWhereMagentoHasNoConnection(): void
    {
        $config = new BrokerConfig(new Settings(), new Environment(), new ReversingEncryptor());

        self::assertSame('', $config->host());
        self::assertSame(5672, $config->port());
        self::assertSame('/', $config->virtualHost());
        self::assertFalse($config->usesTls());
        self::assertSame([], $config->tlsOptions());
    }

    public function testIsAnEmptyPasswordNotDecrypted(): void
    {
        $config = self::config(['sidecar_stripe/broker/password' => ''] + self::OWN);

        self::assertSame('', $config->password());
    }

    /**
     * @param array<string, string> $values
     */
    private static function config(array $values = []): BrokerConfig
    {
        return new BrokerConfig(new Settings($values), new Environment(self::MAGENTOS), new ReversingEncryptor());
    }
}
