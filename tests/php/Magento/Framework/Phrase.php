<?php

declare(strict_types=1);

namespace Magento\Framework;

class Phrase implements \JsonSerializable
{
    public function __construct(private $text, private array $arguments = [])
    {
    }

    public function getText()
    {
        return $this->text;
    }

    public function getArguments()
    {
        return $this->arguments;
    }

    public function render()
    {
        $values = [];
        foreach ($this->arguments as $key => $value) {
            $values['%' . (is_int($key) ? $key + 1 : $key)] = (string) $value;
        }
        return strtr((string) $this->text, $values);
    }

    public function __toString()
    {
        return $this->render();
    }

    #[\ReturnTypeWillChange]
    public function jsonSerialize()
    {
        return $this->render();
    }
}
