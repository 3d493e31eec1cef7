-- For the stand-in of Magento alone; run once, when the server's data is made.
CREATE DATABASE magento CHARACTER SET utf8mb4;
CREATE USER magento IDENTIFIED BY 'magento';
GRANT ALL ON magento.* TO magento;
