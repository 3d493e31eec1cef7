<?php

declare(strict_types=1);

namespace Magento\Customer\Model\ResourceModel;

class Address
{
}
