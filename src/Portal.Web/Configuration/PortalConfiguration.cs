namespace Portal.Web.Configuration;

/// <summary>Where settings come from: flags, then <c>PORTAL_*</c> variables, then a JSON file with the same names.</summary>
public static class PortalConfiguration
{
    /// <summary>Names the JSON file; a flag or variable like the others. Without it <see cref="DefaultFile"/> is read if it exists.</summary>
    public const string FileKey = "PORTAL_CONFIG";

    public const string DefaultFile = "/etc/portal/portal.json";

    private static readonly Dictionary<string, string> s_flags = new()
    {
        ["--data"] = "PORTAL_DATA",
        ["--run"] = "PORTAL_RUN",
        ["--http"] = "PORTAL_HTTP",
        ["--https"] = "PORTAL_HTTPS",
        ["--docker-tls"] = "PORTAL_DOCKER_TLS",
        ["--db"] = "PORTAL_DB",
        ["--hosts"] = "PORTAL_HOSTS",
        ["--proxies"] = "PORTAL_PROXIES",
        ["--config"] = FileKey,
    };

    /// <summary>Puts the sources into a builder, in place of those that it has.</summary>
    public static void Configure(IConfigurationBuilder builder, string[] arguments)
    {
        builder.Sources.Clear();
        var own = new ConfigurationBuilder()
            .AddInMemoryCollection(ReadEnvironment())
            .AddCommandLine(arguments, s_flags)
            .Build();
        var file = own[FileKey];
        builder.AddJsonFile(file ?? DefaultFile, optional: file is null, reloadOnChange: false);
        builder.AddConfiguration(own);
    }

    /// <summary>Reads the portal's own options.</summary>
    public static void Bind(IConfiguration configuration, PortalOptions options)
    {
        options.Data = Read(configuration, "PORTAL_DATA") ?? options.Data;
        options.Run = Read(configuration, "PORTAL_RUN") ?? options.Run;
        options.Http = Read(configuration, "PORTAL_HTTP") ?? options.Http;
        options.Database = Read(configuration, "PORTAL_DB") ?? options.Database;
        options.KeyFile = Read(configuration, "PORTAL_KEY_FILE") ?? options.KeyFile;
        options.AdminPassword = Read(configuration, "PORTAL_ADMIN_PASSWORD") ?? options.AdminPassword;
        options.Setup = Read(configuration, "PORTAL_SETUP") ?? options.Setup;
        options.BreachedPasswords = Read(configuration, "PORTAL_BREACHED_PASSWORDS") ?? options.BreachedPasswords;
        options.Hosts = Read(configuration, "PORTAL_HOSTS") ?? options.Hosts;
        options.PathBase = Read(configuration, "PORTAL_PATH_BASE")?.TrimEnd('/') ?? options.PathBase;
        options.Proxies = Read(configuration, "PORTAL_PROXIES") ?? options.Proxies;
        options.MetricsToken = Read(configuration, "PORTAL_METRICS_TOKEN") ?? options.MetricsToken;
        options.MetricsNetworks = Read(configuration, "PORTAL_METRICS_NETWORKS") ?? options.MetricsNetworks;
        options.MetricsContainers = Read(configuration, "PORTAL_METRICS_CONTAINERS") ?? options.MetricsContainers;
        options.Otlp = Read(configuration, "PORTAL_OTLP") ?? options.Otlp;
        options.OtlpHeaders = Read(configuration, "PORTAL_OTLP_HEADERS") ?? options.OtlpHeaders;
        options.OtlpSeconds = Read(configuration, "PORTAL_OTLP_SECONDS") ?? options.OtlpSeconds;
        options.OtlpAttributes = Read(configuration, "PORTAL_OTLP_ATTRIBUTES") ?? options.OtlpAttributes;
        options.OutgoingInside = Read(configuration, "PORTAL_OUTGOING_INSIDE") ?? options.OutgoingInside;
        options.ImageCheckHours = Read(configuration, "PORTAL_IMAGE_CHECK_HOURS") ?? options.ImageCheckHours;
        options.DeploymentsKeep = Read(configuration, "PORTAL_DEPLOYMENTS_KEEP") ?? options.DeploymentsKeep;
        options.NodeLostMinutes = Read(configuration, "PORTAL_NODE_LOST_MINUTES") ?? options.NodeLostMinutes;
        options.StatsKeep = Read(configuration, "PORTAL_STATS_KEEP") ?? options.StatsKeep;
    }

    private static string? Read(IConfiguration configuration, string key) =>
        configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    // Only ours: other programs' variables must not change how the portal logs or listens.
    private static IEnumerable<KeyValuePair<string, string?>> ReadEnvironment()
    {
        return Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value))
            .Where(entry => entry.Key.StartsWith("PORTAL_", StringComparison.Ordinal));
    }
}
