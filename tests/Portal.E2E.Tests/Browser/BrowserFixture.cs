using Microsoft.Playwright;
using Portal.Testing.Up;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.E2E.Tests.Browser;

/// <summary>One running portal, a registry beside it, and Debian's headless Chromium; shared by the browser tests.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly float s_patience = (float)TestSettings.Within(TimeSpan.FromSeconds(30)).TotalMilliseconds;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private static readonly SemaphoreSlim s_signing = new(1);
    private string? _signedIn;

    /// <summary>Where the portal answers over TLS, with a certificate that it made itself.</summary>
    public int HttpsPort { get; private set; }

    public PortalUp Portal { get; private set; } = null!;

    public RegistryFixture Registry { get; private set; } = null!;

    /// <summary>A docker-archive of busybox, named <c>busybox:latest</c>.</summary>
    public string Archive { get; private set; } = "";

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    private async Task BeginAsync()
    {
        // Five seconds are not enough for a node's news to reach a page while other suites load the machine.
        Assertions.SetDefaultExpectTimeout(s_patience);

        // Agents in other network namespaces reach it over TLS on every address.
        HttpsPort = FreePort.Find();
        Portal = await PortalUp.StartNewAsync(new Dictionary<string, string>
        {
            ["PORTAL_ADMIN_PASSWORD"] = PortalUp.AdminPassword,
            ["PORTAL_HTTPS"] = $"0.0.0.0:{HttpsPort}",
        });
        Registry = await RegistryFixture.StartAsync();
        Archive = await BusyboxImages.WriteDockerArchiveAsync(Path.Combine(Portal.Temp, "busybox.tar"));
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>The dashboard, signed in: once for all tests, as a person's browser remembers it.</summary>
    internal async Task<PortalPage> OpenAsync(ColorScheme scheme = ColorScheme.Light, int width = 1400, int height = 900)
    {
        var person = await OpenAsync(scheme, width, height, await SignedInAsync());
        await person.GoAsync("/");
        await Assertions.Expect(person.Heading("Dashboard")).ToBeVisibleAsync();

        // From here on pages change within the circuit, as in a browser that has been open for a second.
        await person.ArrivedAsync();
        return person;
    }

    private async Task<string> SignedInAsync()
    {
        await s_signing.WaitAsync();
        try
        {
            if (_signedIn is null)
            {
                await using var first = await OpenStrangerAsync();
                await first.SignInAsync();
                await Assertions.Expect(first.Heading("Dashboard")).ToBeVisibleAsync();
                _signedIn = await first.Page.Context.StorageStateAsync();
            }

            return _signedIn;
        }
        finally
        {
            s_signing.Release();
        }
    }

    /// <summary>A page in a browser that never was here.</summary>
    internal Task<PortalPage> OpenStrangerAsync() => OpenAsync(ColorScheme.Light, 1400, 900, null);

    private async Task<PortalPage> OpenAsync(ColorScheme scheme, int width, int height, string? state)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            StorageState = state,
            BaseURL = Portal.Url,
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Permissions = ["clipboard-read", "clipboard-write"],
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(s_patience);
        return new PortalPage(context, await context.NewPageAsync(), Portal);
    }

    public async Task DisposeAsync()
    {
        try
        {
            await Disposal.AllAsync(_browser, Registry, Portal);
        }
        finally
        {
            _playwright?.Dispose();
        }
    }
}
