<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\App\RequestInterface;

/**
 * A request with headers, as Magento\Framework\App\Request\Http has them.
 */
final class HttpRequest implements RequestInterface
{
    /**
     * @param array<string, string> $headers
     */
    public function __construct(private readonly array $headers = [])
    {
    }

    public function getHeader($name, $default = false)
    {
        return $this->headers[$name] ?? $default;
    }
}
