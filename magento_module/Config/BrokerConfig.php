<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\Encryption\EncryptorInterface;

/**
 * The group `sidecar_stripe/broker`: where the relay finds RabbitMQ. One value for the whole installation.
 *
 * Magento's own connection is `queue/amqp` of `app/etc/env.php`; its names are those of Magento\Framework\Amqp\Config.
 */
final class BrokerConfig
{
    private const GROUP = 'sidecar_stripe/broker/';
    private const MAGENTOS = 'queue/amqp/';
    private const PORT = 5672;
    private const TLS_PORT = 5671;

    public function __construct(
        private readonly ScopeConfigInterface $scopeConfig,
        private readonly DeploymentConfig $deploymentConfig,
        private readonly EncryptorInterface $encryptor
    ) {
    }

    /**
     * Whether the connection of Magento's own queues is used, and not the one of this group.
     */
    public function usesMagentosConnection(): bool
    {
        return $this->scopeConfig->isSetFlag(self::GROUP . 'use_magento');
    }

    public function host(): string
    {
        return $this->usesMagentosConnection() ? $this->magentos('host') : $this->own('host');
    }

    /**
     * TCP port; where none is given, AMQP's usual one, with TLS or without.
     */
    public function port(): int
    {
        $port = (int) ($this->usesMagentosConnection() ? $this->magentos('port') : $this->own('port'));
        return $port ?: ($this->usesTls() ? self::TLS_PORT : self::PORT);
    }

    public function user(): string
    {
        return $this->usesMagentosConnection() ? $this->magentos('user') : $this->own('user');
    }

    /**
     * In the clear: for the connection only, never for a log or a message.
     */
    public function password(): string
    {
        if ($this->usesMagentosConnection()) {
            return $this->magentos('password');
        }
        $encrypted = $this->own('password');
        return $encrypted === '' ? '' : $this->encryptor->decrypt($encrypted);
    }

    public function virtualHost(): string
    {
        $name = $this->usesMagentosConnection() ? $this->magentos('virtualhost') : $this->own('vhost');
        return $name === '' ? '/' : $name;
    }

    public function usesTls(): bool
    {
        // Magento takes the word 'true' for it, as `bin/magento setup:install --amqp-ssl` writes it.
        return $this->usesMagentosConnection()
            ? in_array(strtolower($this->magentos('ssl')), ['true', '1'], true)
            : $this->scopeConfig->isSetFlag(self::GROUP . 'tls');
    }

    /**
     * Options of the TLS context as PHP names them (`cafile`, `verify_peer`, …), from `queue/amqp/ssl_options`.
     *
     * A connection of this group's own has the certificate authority's file at most, and always checks the peer.
     *
     * @return array<string, mixed>
     */
    public function tlsOptions(): array
    {
        if ($this->usesMagentosConnection()) {
            $options = $this->deploymentConfig->get(self::MAGENTOS . 'ssl_options');
            return is_array($options) ? $options : [];
        }
        $authority = $this->own('tls_ca_file');
        $trusted = $authority === '' ? [] : ['cafile' => $authority];
        return ['verify_peer' => true, 'verify_peer_name' => true] + $trusted;
    }

    /**
     * Put before the names of the exchanges, as the sidecar's setting `broker.prefix`; usually empty.
     */
    public function exchangePrefix(): string
    {
        return $this->own('exchange_prefix');
    }

    private function own(string $field): string
    {
        return trim((string) $this->scopeConfig->getValue(self::GROUP . $field));
    }

    private function magentos(string $field): string
    {
        $value = $this->deploymentConfig->get(self::MAGENTOS . $field);
        return is_scalar($value) ? trim((string) $value) : '';
    }
}
