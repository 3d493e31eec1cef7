<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

use Magento\Framework\App\RequestInterface;

/**
 * The W3C trace context of what causes an event (w3.org/TR/trace-context): that of the request where it carries one,
 * else a new one for each request, so that the events of one checkout belong together.
 */
final class Trace
{
    private const HEADER = 'traceparent';
    private const FORM = '/^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/D';

    private ?string $parent = null;

    public function __construct(private readonly RequestInterface $request)
    {
    }

    public function parent(): string
    {
        return $this->parent ??= $this->given() ?? $this->begun();
    }

    private function given(): ?string
    {
        // A request of the command line has no headers.
        $header = method_exists($this->request, 'getHeader') ? $this->request->getHeader(self::HEADER) : false;
        return is_string($header) && preg_match(self::FORM, $header) === 1 ? $header : null;
    }

    private function begun(): string
    {
        return sprintf('00-%s-%s-01', bin2hex(random_bytes(16)), bin2hex(random_bytes(8)));
    }
}
