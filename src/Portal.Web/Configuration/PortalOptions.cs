using System.Globalization;
using Portal.Contracts.Metrics.Otlp;
using Portal.Web.Features.Deployments.Keeping;
using Portal.Web.Features.Stats.History;

namespace Portal.Web.Configuration;

/// <summary>What whoever runs the portal can set. Each property names its key; flags win over the environment, that over the config file.</summary>
public sealed class PortalOptions
{
    public const string DefaultData = "/var/lib/portal";
    public const string DefaultRun = "/run/portal";
    public const string DefaultHttp = "127.0.0.1:8080";
    public const string SetupByToken = "token";
    public const string SetupByPassword = "password";

    /// <summary><c>PORTAL_DATA</c>: folder of what must survive a reboot.</summary>
    public string Data { get; set; } = DefaultData;

    /// <summary><c>PORTAL_RUN</c>: folder of what ends with a reboot.</summary>
    public string Run { get; set; } = DefaultRun;

    /// <summary><c>PORTAL_HTTP</c>: address and port where the dashboard answers over plain HTTP. Port 0 takes any free one.</summary>
    public string Http { get; set; } = DefaultHttp;

    /// <summary><c>PORTAL_PATH_BASE</c>: the prefix under which a reverse proxy offers the portal: <c>/portal</c> for <c>https://host/portal/</c>.</summary>
    /// <value>Empty, the default, for none.</value>
    public string PathBase { get; set; } = "";

    /// <summary><c>PORTAL_DB</c>: Npgsql's connection string. It may hold a password: never log it.</summary>
    public string Database { get; set; } = "";

    /// <summary><c>PORTAL_KEY_FILE</c>: the key that encrypts the secrets in the database. All portals of it need the same.</summary>
    /// <value>Null, the default, for <c>$PORTAL_DATA/portal/secrets.key</c>, which is made at the first start.</value>
    public string? KeyFile { get; set; }

    /// <summary><c>PORTAL_ADMIN_PASSWORD</c>: the administrator's first password.</summary>
    /// <value>Null, the default: <see cref="Setup"/> says how there comes to be an administrator. Ignored once there is one.</value>
    public string? AdminPassword { get; set; }

    /// <summary>
    /// <c>PORTAL_SETUP</c>: how a portal without an administrator gets one. <c>token</c> opens the page <c>/setup</c> to who has the one-time token
    /// of <c>$PORTAL_RUN/setup-token</c>; <c>password</c> makes the administrator at once and leaves a password in <c>$PORTAL_RUN/admin-password</c>.
    /// </summary>
    /// <value><c>token</c>, the default. Ignored when there is an administrator's password.</value>
    public string Setup { get; set; } = SetupByToken;

    /// <summary>
    /// <c>PORTAL_BREACHED_PASSWORDS</c>: a file of SHA-1 hashes of passwords that nobody may choose, in hexadecimal, sorted, one a line, each
    /// maybe followed by a colon and a count.
    /// </summary>
    /// <value>Null, the default, for none.</value>
    public string? BreachedPasswords { get; set; }

    /// <summary><c>PORTAL_HOSTS</c>: host names under which the portal is reached, separated by semicolons.</summary>
    /// <value>Empty, the default: on loopback its usual names, else any name.</value>
    public string Hosts { get; set; } = "";

    /// <summary>
    /// <c>PORTAL_PROXIES</c>: addresses or networks (<c>10.0.0.0/8</c>) of reverse proxies whose <c>X-Forwarded-*</c> headers are believed,
    /// separated by semicolons.
    /// </summary>
    /// <value>Empty, the default: such headers are ignored.</value>
    public string Proxies { get; set; } = "";

    /// <summary><c>PORTAL_STATS_KEEP</c>: how long statistics of 10 seconds, of a minute and of 10 minutes are kept, such as <c>1d,7d,90d</c>.</summary>
    /// <value>Empty, the default, for that.</value>
    public string StatsKeep { get; set; } = "";

    /// <summary>
    /// <c>PORTAL_DEPLOYMENTS_KEEP</c>: how many deployments of each stack are kept, for how many days, and for how many what they said,
    /// such as <c>200,365d,90d</c>.
    /// </summary>
    /// <value>Empty, the default, for that.</value>
    public string DeploymentsKeep { get; set; } = "";

    /// <summary><c>PORTAL_IMAGE_CHECK_HOURS</c>: how long after one look at an image's registry the next comes, for "update available".</summary>
    /// <value>6 by default; 1 to 720, or 0 for never.</value>
    public string ImageCheckHours { get; set; } = "6";

    /// <summary>
    /// <c>PORTAL_NODE_LOST_MINUTES</c>: after how long without an answer a node is lost, and its replicas of stacks over several nodes are
    /// started elsewhere.
    /// </summary>
    /// <value>5 by default; 1 to 10080, or 0 for never.</value>
    public string NodeLostMinutes { get; set; } = "5";

    /// <summary><c>PORTAL_METRICS_TOKEN</c>: who presents it as a bearer token may read <c>/metrics</c>.</summary>
    /// <value>Empty, the default: no token opens it.</value>
    public string MetricsToken { get; set; } = "";

    /// <summary><c>PORTAL_METRICS_NETWORKS</c>: addresses and networks from which <c>/metrics</c> may be read without a token.</summary>
    /// <value>Empty, the default, for none.</value>
    public string MetricsNetworks { get; set; } = "";

    /// <summary>
    /// <c>PORTAL_METRICS_CONTAINERS</c>: up to how many containers of the whole fleet each has metrics of its own; beyond, there are sums by
    /// node and stack.
    /// </summary>
    /// <value>5000 by default; 0 for never.</value>
    public string MetricsContainers { get; set; } = "5000";

    /// <summary><c>PORTAL_OTLP</c>: a collector that metrics are sent to by OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>.</summary>
    /// <value>Empty, the default, for none.</value>
    public string Otlp { get; set; } = "";

    /// <summary><c>PORTAL_OTLP_HEADERS</c>: headers for it (<c>authorization=Bearer%20TOKEN</c>), separated by commas: never log them.</summary>
    public string OtlpHeaders { get; set; } = "";

    /// <summary><c>PORTAL_OTLP_SECONDS</c>: how often they are sent.</summary>
    /// <value>60 by default; 1 to 3600.</value>
    public string OtlpSeconds { get; set; } = "60";

    /// <summary><c>PORTAL_OTLP_ATTRIBUTES</c>: what is said of the portal with them (<c>deployment.environment.name=prod</c>), separated by commas.</summary>
    public string OtlpAttributes { get; set; } = "";

    /// <summary>
    /// <c>PORTAL_OUTGOING_INSIDE</c>: private networks (<c>10.0.0.0/8</c>) in which the portal calls what people entered, such as mail servers
    /// and webhooks; separated by commas.
    /// </summary>
    /// <value>Empty, the default, for none.</value>
    public string OutgoingInside { get; set; } = "";

    internal IReadOnlyList<System.Net.IPNetwork> OutgoingNetworks =>
    [
        .. OutgoingInside.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => System.Net.IPNetwork.TryParse(text, out var network) ? network : (System.Net.IPNetwork?)null)
            .OfType<System.Net.IPNetwork>(),
    ];

    internal TimeSpan? ImageCheckInterval => int.TryParse(ImageCheckHours, NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
        && hours is >= 0 and <= 720 ? TimeSpan.FromHours(hours) : null;

    internal DeploymentKeeping DeploymentKeeping => DeploymentKeeping.Parse(DeploymentsKeep) ?? DeploymentKeeping.Default;

    internal TimeSpan? NodeLostAfter => int.TryParse(NodeLostMinutes, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
        && minutes is >= 0 and <= 10080 ? minutes == 0 ? TimeSpan.MaxValue : TimeSpan.FromMinutes(minutes) : null;

    internal OtlpOptions? ReadOtlp(out IReadOnlyList<string> problems) => OtlpOptions.Read(
        key => key switch
        {
            "PORTAL_OTLP" => Otlp,
            "PORTAL_OTLP_HEADERS" => OtlpHeaders,
            "PORTAL_OTLP_SECONDS" => OtlpSeconds,
            "PORTAL_OTLP_ATTRIBUTES" => OtlpAttributes,
            _ => null,
        },
        out problems);

    internal StatsKeeping StatsKeeping => StatsKeeping.Parse(StatsKeep) ?? StatsKeeping.Default;
}
