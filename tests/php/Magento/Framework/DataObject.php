<?php

declare(strict_types=1);

namespace Magento\Framework;

class DataObject
{
    protected $_data = [];

    public function __construct(array $data = [])
    {
        $this->_data = $data;
    }

    public function getData($key = '', $index = null)
    {
        return $key === '' ? $this->_data : $this->_data[$key] ?? null;
    }

    public function setData($key, $value = null)
    {
        $this->_data = is_array($key) ? $key : [$key => $value] + $this->_data;
        return $this;
    }

    public function hasData($key = '')
    {
        return $key === '' ? $this->_data !== [] : array_key_exists($key, $this->_data);
    }
}
