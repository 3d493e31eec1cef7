<?php

declare(strict_types=1);

namespace Magento\Framework\Exception;

use Magento\Framework\Phrase;

class InputException extends LocalizedException
{
    public static function invalidFieldValue($fieldName, $fieldValue, ?\Exception $cause = null)
    {
        return new self(new Phrase(
            'Invalid value of "%value" provided for the %fieldName field.',
            ['fieldName' => $fieldName, 'value' => $fieldValue]
        ), $cause);
    }

    public static function requiredField($fieldName)
    {
        return new self(new Phrase('"%fieldName" is required. Enter and try again.', ['fieldName' => $fieldName]));
    }
}
