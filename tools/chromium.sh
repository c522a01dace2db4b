#!/bin/sh
# Browser tests drive the Chromium of the system. Root on Debian gets it; others are told what is missed.
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "正在安装 Chromium · installing Chromium for the browser tests" >&2
    if apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "没有 Chromium，浏览器测试将跳过 · no Chromium: browser tests will be skipped (apt-get install chromium)" >&2
