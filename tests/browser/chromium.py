"""How Chromium is started for tests."""

#: What a browser of a person does beside showing pages. A later list of features replaces Playwright's own, so what
#: matters of that stands here too: frames of other sites keep their storage, pages are shown as soon as they are drawn.
_FEATURES = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "OptimizationHints", "PaintHolding"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "NetworkTimeServiceQuerying", "ThirdPartyStoragePartitioning"),
    # Each window would draw a hidden list under its address bar, at the cost of a second page.
    *("WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxPopup"),
)
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run", "--disable-quic"),
    f"--disable-features={','.join(_FEATURES)}",
)
