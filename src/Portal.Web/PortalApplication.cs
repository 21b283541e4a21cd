using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using Portal.Web.Configuration;
using Portal.Web.Health;
using Portal.Web.Languages;

namespace Portal.Web;

/// <summary>The whole portal in one object: composed, started, asked for its address and stopped; by <c>Program</c> and by tests alike.</summary>
public sealed class PortalApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PortalApplication(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    /// <summary>Where it answers over plain HTTP, once it is started: the address with the port that it got.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Composes a portal.</summary>
    /// <param name="arguments">Flags, see <see cref="PortalConfiguration"/>.</param>
    /// <param name="overrides">Called last, to replace services or add settings.</param>
    public static PortalApplication Create(string[] arguments, Action<WebApplicationBuilder>? overrides = null)
    {
        FormatForPrograms();

        // The folder of the program, wherever it was started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(PortalApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        PortalConfiguration.Configure(builder.Configuration, arguments);
        PortalServices.Add(builder);
        overrides?.Invoke(builder);
        var app = builder.Build();
        PortalPipeline.Use(app);
        return new PortalApplication(app);
    }

    /// <summary>
    /// Whatever the host's language is: what is formatted without a thought is read by programs (style sheets, JSON, logs). For people there
    /// is <see cref="Texts"/>.
    /// </summary>
    internal static void FormatForPrograms()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = Language.English.Culture;
    }

    /// <summary>Starts, runs until SIGTERM or Ctrl-C, stops.</summary>
    /// <returns>The exit code: 0, or 1 when it could not start, having said why on standard error.</returns>
    public async Task<int> RunAsync()
    {
        await using (this)
        {
            try
            {
                await StartAsync(CancellationToken.None);
            }
            catch (Exception failure) when (failure is OptionsValidationException or StartException)
            {
                await Console.Error.WriteLineAsync($"portal: {failure.Message.Replace("; ", "\nportal: ", StringComparison.Ordinal)}");
                return 1;
            }

            await _app.WaitForShutdownAsync();
            return 0;
        }
    }

    /// <summary>Waits for PostgreSQL, migrates it, makes the first administrator, then listens.</summary>
    /// <exception cref="OptionsValidationException">Settings are wrong.</exception>
    /// <exception cref="StartException">The database did not come, can't be migrated, or the address is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = _app.Services.GetRequiredService<IOptions<PortalOptions>>().Value;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _app.Lifetime.ApplicationStopping);
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<PortalDatabase>().PrepareAsync(stopping.Token);
        }

        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException failure)
        {
            throw new StartException($"Can't listen on PORTAL_HTTP or PORTAL_HTTPS: {failure.Message}", failure);
        }

        Address = PortalReport.FindAddress(_app.Services.GetRequiredService<IServer>());
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
