using Microsoft.Extensions.Configuration.Json;
using Portal.Agent.Metrics;
using Portal.Contracts.Metrics.Otlp;
using Portal.Engine.Api.Hosting;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Agent.Hosting;

/// <summary>The agent's settings: from flags, then <c>PORTAL_*</c> variables, then a JSON file with the variables' names as keys.</summary>
internal sealed record AgentSettings
{
    public const string DefaultConfigFile = "/etc/portal/agent.json";

    // What was set up for Docker goes on to serve.
    private static readonly string[] s_certificateFolders = ["/etc/portal/certs.d", "/etc/docker/certs.d"];

    /// <summary><c>--data</c>, <c>PORTAL_DATA</c>.</summary>
    public string Data { get; init; } = AgentPaths.DefaultData;

    /// <summary><c>--run</c>, <c>PORTAL_RUN</c>.</summary>
    public string Run { get; init; } = AgentPaths.DefaultRun;

    /// <summary><c>--runtime</c>, <c>PORTAL_RUNTIME</c>: the OCI runtime to prefer.</summary>
    /// <value>Null, the default, for the first that works on this host.</value>
    public string? Runtime { get; init; }

    /// <summary><c>PORTAL_LOG_LEVEL</c>: what the agent logs at least, a name of <see cref="Microsoft.Extensions.Logging.LogLevel"/>.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary><c>PORTAL_INSECURE_REGISTRIES</c>: registries reached over plain HTTP besides loopback, separated by commas.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary><c>PORTAL_REGISTRY_CERTS</c>, <c>PORTAL_REGISTRY_MIRRORS</c>, <c>PORTAL_HTTP_PROXY</c>, <c>PORTAL_HTTPS_PROXY</c>,
    /// <c>PORTAL_NO_PROXY</c>: how registries are reached.</summary>
    public RegistryOptions Registries { get; init; } = new() { CertificateFolders = s_certificateFolders };

    /// <summary><c>PORTAL_RESTART_UNHEALTHY</c>: restart containers that become unhealthy; a container's label decides before it.</summary>
    public bool RestartUnhealthy { get; init; }

    /// <summary><c>PORTAL_DOCKER_TCP</c> and what belongs to it: Docker's API over TCP; null: on the Unix socket alone.</summary>
    public DockerTcpOptions? DockerTcp { get; init; }

    /// <summary><c>PORTAL_METRICS</c> and what belongs to it: figures for Prometheus; null: none are offered.</summary>
    public MetricsOptions? Metrics { get; init; }

    /// <summary><c>PORTAL_OTLP</c> and what belongs to it: a collector that figures are sent to; null: none are sent.</summary>
    public OtlpOptions? Otlp { get; init; }

    /// <summary>
    /// <c>PORTAL_RUNTIMES</c>: further OCI runtimes by name, <c>nvidia=/usr/bin/nvidia-container-runtime</c>,
    /// separated by commas.
    /// </summary>
    public IReadOnlyDictionary<string, string> Runtimes { get; init; } = new Dictionary<string, string>();

    /// <summary><c>PORTAL_USERNS_REMAP</c>: whose subordinate ids stand for those in containers, as Docker's <c>userns-remap</c>.</summary>
    /// <value>Empty, the default, for no mapping.</value>
    public string UsernsRemap { get; init; } = "";

    /// <summary><c>PORTAL_NODE_ADDRESS</c>: the IPv4 address at which other nodes reach this one, for networks that span nodes.</summary>
    /// <value>Empty, the default, for the one by which this host goes to the portal.</value>
    public string NodeAddress { get; init; } = "";

    /// <summary><c>PORTAL_CDI_FOLDERS</c>: where specifications of the Container Device Interface are, separated by commas.</summary>
    /// <value>Empty, the default, for <c>/etc/cdi</c> and <c>/var/run/cdi</c>.</value>
    public IReadOnlyList<string> CdiFolders { get; init; } = [];

    /// <summary>
    /// <c>PORTAL_VOLUME_TYPES</c>: types of file systems that options of volumes may mount, separated by commas; <c>bind</c> for host paths.
    /// </summary>
    /// <value>Null, the default, for those of <see cref="EngineOptions.VolumeTypes"/>.</value>
    public IReadOnlyList<string>? VolumeTypes { get; init; }

    /// <summary>
    /// <c>PORTAL_VOLUME_PATHS</c>: host paths that options of volumes may mount, with all beneath them, separated by commas; <c>none</c> for
    /// none.
    /// </summary>
    /// <value>Null, the default, for any.</value>
    public IReadOnlyList<string>? VolumePaths { get; init; }

    public AgentPaths Paths => new(Data, Run);

    /// <summary>Reads them.</summary>
    /// <param name="flags">What the command line says; null where it says nothing.</param>
    /// <param name="configFile">The file that <c>--config</c> names, which must be there, or null for the
    /// default one, which need not.</param>
    public static AgentSettings Read(AgentFlags flags, string? configFile)
    {
        var file = new JsonConfigurationSource { Path = configFile ?? DefaultConfigFile, Optional = configFile is null };
        file.ResolveFileProvider();
        var configuration = new ConfigurationBuilder().Add(file).AddEnvironmentVariables().Build();
        return new AgentSettings
        {
            Data = flags.Data ?? Get(configuration, "PORTAL_DATA") ?? AgentPaths.DefaultData,
            Run = flags.Run ?? Get(configuration, "PORTAL_RUN") ?? AgentPaths.DefaultRun,
            Runtime = flags.Runtime ?? Get(configuration, "PORTAL_RUNTIME"),
            DockerTcp = DockerTcpSettings.Read(key => Get(configuration, key)),
            Metrics = MetricsOptions.Read(key => Get(configuration, key)),
            Otlp = OtlpOptions.Read(key => Get(configuration, key), out var otlp) is var read && otlp.Count == 0
                ? read
                : throw new InvalidDataException(string.Join(' ', otlp)),
            LogLevel = ReadLogLevel(Get(configuration, "PORTAL_LOG_LEVEL")),
            RestartUnhealthy = bool.TryParse(Get(configuration, "PORTAL_RESTART_UNHEALTHY"), out var restart) && restart,
            InsecureRegistries = GetList(configuration, "PORTAL_INSECURE_REGISTRIES") ?? [],
            Registries = ReadRegistries(configuration),
            Runtimes = (GetList(configuration, "PORTAL_RUNTIMES") ?? [])
                .Select(pair => pair.Split('=', 2))
                .Where(pair => pair.Length == 2 && pair[0].Length > 0)
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal),
            CdiFolders = GetList(configuration, "PORTAL_CDI_FOLDERS") ?? [],
            VolumeTypes = GetList(configuration, "PORTAL_VOLUME_TYPES"),
            VolumePaths = GetList(configuration, "PORTAL_VOLUME_PATHS") is ["none"] ? [] : GetList(configuration, "PORTAL_VOLUME_PATHS"),
            UsernsRemap = Get(configuration, "PORTAL_USERNS_REMAP") ?? "",
            NodeAddress = Get(configuration, "PORTAL_NODE_ADDRESS") ?? "",
        };
    }

    /// <summary>The engine's part of them.</summary>
    public EngineOptions ToEngineOptions()
    {
        var options = new EngineOptions
        {
            Name = Paths.InstanceName,
            DataRoot = Paths.EngineData,
            RunRoot = Paths.EngineRun,
            Runtime = Runtime,
            Runtimes = Runtimes,
            InsecureRegistries = InsecureRegistries,
            Registries = Registries,
            RestartUnhealthy = RestartUnhealthy,
            VolumePaths = VolumePaths,
            UsernsRemap = UsernsRemap,
        };
        options = VolumeTypes is { } types ? options with { VolumeTypes = types } : options;
        return CdiFolders.Count > 0 ? options with { CdiFolders = CdiFolders } : options;
    }

    private static LogLevel ReadLogLevel(string? name)
    {
        // By name alone: a number would be taken for a level too.
        return name is null ? LogLevel.Information
            : Enum.TryParse<LogLevel>(name, ignoreCase: true, out var level) && !int.TryParse(name, out _) ? level
            : throw EngineException.InvalidArgument(
                $"PORTAL_LOG_LEVEL is '{name}'; it may be {string.Join(", ", Enum.GetNames<LogLevel>()).ToLowerInvariant()}.");
    }

    private static RegistryOptions ReadRegistries(IConfiguration configuration)
    {
        var environment = RegistryProxyOptions.FromEnvironment(name => configuration[name]);
        return new RegistryOptions
        {
            CertificateFolders = GetList(configuration, "PORTAL_REGISTRY_CERTS") ?? s_certificateFolders,
            Mirrors = [.. (GetList(configuration, "PORTAL_REGISTRY_MIRRORS") ?? []).Select(RegistryMirror.Parse)],
            Proxy = environment with
            {
                Http = Get(configuration, "PORTAL_HTTP_PROXY") ?? environment.Http,
                Https = Get(configuration, "PORTAL_HTTPS_PROXY") ?? environment.Https,
                Except = Get(configuration, "PORTAL_NO_PROXY") ?? environment.Except,
            },
        }.Check();
    }

    private static string[]? GetList(IConfiguration configuration, string key) =>
        Get(configuration, key)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Get(IConfiguration configuration, string key) =>
        string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];
}
