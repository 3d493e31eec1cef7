<?php

declare(strict_types=1);

namespace Magento\Sales\Model\AdminOrder;

class EmailSender
{
}
