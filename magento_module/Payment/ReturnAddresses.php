<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment;

/**
 * The addresses that a shopper may be sent to after a payment, so that nobody makes the shop's own link lead elsewhere.
 */
final class ReturnAddresses
{
    private const LONGEST = 2048;
    private const DEFAULT_PORTS = ['https' => 443, 'http' => 80];

    /** The characters of an address (RFC 3986), and the braces of Stripe's `{CHECKOUT_SESSION_ID}`. */
    private const CHARACTERS = '~^[A-Za-z0-9\-._\~:/?#\[\]@!$&\'()*+,;=%{}]+$~D';

    /**
     * @param list<string> $own base addresses of the shop itself
     * @param list<string> $hosts names of further hosts, in small letters; they are allowed over https only
     */
    public function __construct(private readonly array $own, private readonly array $hosts)
    {
    }

    /**
     * Whether a shopper may be sent there.
     *
     * Over https. Where the shop itself has no https, as on a developer's machine, its own address will do.
     */
    public function allow(string $address): bool
    {
        // What a browser reads differently from PHP (backslashes, control characters, spaces) is not let through.
        if (strlen($address) > self::LONGEST || preg_match(self::CHARACTERS, $address) !== 1) {
            return false;
        }
        $origin = self::origin($address);
        if ($origin === null) {
            return false;
        }
        $own = array_filter(array_map(self::origin(...), $this->own));
        $secure = array_filter($own, static fn (array $one): bool => $one[0] === 'https');
        if (in_array($origin, $secure ?: $own, true)) {
            return true;
        }
        [$scheme, $host, $port] = $origin;
        return $scheme === 'https' && $port === self::DEFAULT_PORTS['https'] && in_array($host, $this->hosts, true);
    }

    /**
     * @return array{string, string, int}|null scheme, host and port; null: no address of the web, or one with a user
     */
    private static function origin(string $address): ?array
    {
        $parts = parse_url($address);
        if ($parts === false || isset($parts['user']) || isset($parts['pass'])) {
            return null;
        }
        $scheme = strtolower($parts['scheme'] ?? '');
        $host = strtolower($parts['host'] ?? '');
        if ($host === '' || !isset(self::DEFAULT_PORTS[$scheme])) {
            return null;
        }
        return [$scheme, $host, $parts['port'] ?? self::DEFAULT_PORTS[$scheme]];
    }
}
