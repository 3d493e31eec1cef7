<?php

declare(strict_types=1);

namespace Magento\Framework\Webapi;

use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Phrase;

class Exception extends LocalizedException
{
    private $httpCode;

    public function __construct(
        Phrase $phrase,
        $code = 0,
        $httpCode = 400,
        array $details = [],
        $name = '',
        $errors = null,
        $stackTrace = null
    ) {
        parent::__construct($phrase, null, $code);
        $this->httpCode = $httpCode;
    }

    public function getHttpCode()
    {
        return $this->httpCode;
    }
}
