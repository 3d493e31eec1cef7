/**
 * Runs the self-check and shows its findings, a line for each.
 */
define([], function () {
    'use strict';

    var MARKS = {
        ok: '✓',
        note: '·',
        wrong: '✗'
    };

    return function (config, element) {
        var button = element.querySelector('[data-role="run"]'),
            findings = element.querySelector('[data-role="findings"]'),
            failed = element.querySelector('[data-role="failed"]');

        /**
         * @param {Object} finding
         */
        function addLine(finding) {
            var line = findings.insertRow();

            line.insertCell().textContent = MARKS[finding.level] || finding.level;
            line.insertCell().textContent = finding.name;
            line.insertCell().textContent = finding.text;
        }

        button.addEventListener('click', function () {
            var body = new URLSearchParams();

            body.set('form_key', window.FORM_KEY);
            body.set('isAjax', 'true');
            button.disabled = true;
            failed.hidden = true;
            findings.hidden = true;
            fetch(config.address, {
                method: 'POST',
                body: body,
                credentials: 'same-origin'
            }).then(function (response) {
                return response.json();
            }).then(function (lines) {
                findings.replaceChildren();
                lines.forEach(addLine);
                findings.hidden = false;
            }).catch(function () {
                failed.hidden = false;
            }).then(function () {
                button.disabled = false;
            });
        });
    };
});
