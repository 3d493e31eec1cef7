<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Block\OrderSource;

use Magento\Framework\App\RequestInterface;
use Sidecar\Stripe\Block\OrderSource;
use Sidecar\Stripe\Status\Token;

/**
 * The order whose token stands in the address.
 */
class TokensOrder implements OrderSource
{
    public function __construct(
        private readonly RequestInterface $request,
        private readonly Token $token
    ) {
    }

    public function orderIds(): array
    {
        $ids = $this->token->read((string) $this->request->getParam('token'));
        return $ids === null ? [] : [$ids[0]];
    }
}
