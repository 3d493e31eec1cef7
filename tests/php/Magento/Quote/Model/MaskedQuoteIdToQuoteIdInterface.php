<?php

declare(strict_types=1);

namespace Magento\Quote\Model;

interface MaskedQuoteIdToQuoteIdInterface
{
    public function execute(string $maskedQuoteId): int;
}
