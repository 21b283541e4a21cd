using System.Data.Common;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Contracts.Metrics;
using Portal.Web.Features.Deployments.Keeping;
using Portal.Web.Features.Stats.History;

namespace Portal.Web.Configuration;

/// <summary>Says all that is wrong with the settings at once, each with the key to change.</summary>
internal sealed class ValidatePortalOptions : IValidateOptions<PortalOptions>
{
    private const int LongestRun = 70;

    public ValidateOptionsResult Validate(string? name, PortalOptions options)
    {
        var problems = new List<string>();
        CheckFolder("PORTAL_DATA", options.Data, problems);
        CheckFolder("PORTAL_RUN", options.Run, problems);
        if (options.Run.Length > LongestRun)
        {
            problems.Add($"PORTAL_RUN must have at most {LongestRun} characters, because paths of sockets below it are limited by the kernel.");
        }

        if (!ListenAddress.TryParse(options.Http, out _))
        {
            problems.Add($"PORTAL_HTTP is '{options.Http}', which is no address with a port. Examples: {PortalOptions.DefaultHttp}, [::1]:8080.");
        }

        if (options.ImageCheckInterval is null)
        {
            problems.Add($"PORTAL_IMAGE_CHECK_HOURS is '{options.ImageCheckHours}'; it can be 1 to 720, or 0 for never.");
        }

        if (options.NodeLostAfter is null)
        {
            problems.Add($"PORTAL_NODE_LOST_MINUTES is '{options.NodeLostMinutes}'; it can be 1 to 10080, or 0 for never.");
        }

        if (options.Setup is not (PortalOptions.SetupByToken or PortalOptions.SetupByPassword))
        {
            problems.Add($"PORTAL_SETUP is '{options.Setup}'; it can be 'token' or 'password'.");
        }

        if (options.BreachedPasswords is { } breached && !File.Exists(breached))
        {
            problems.Add($"PORTAL_BREACHED_PASSWORDS names '{breached}', where there is no file.");
        }

        if (options.PathBase.Length > 0 && !PathBase.IsValid(options.PathBase))
        {
            problems.Add($"PORTAL_PATH_BASE is '{options.PathBase}', which is no prefix of a path. Example: /portal.");
        }

        CheckDatabase(options.Database, problems);
        foreach (var proxy in options.Proxies.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
            {
                problems.Add($"PORTAL_PROXIES holds '{proxy}', which is neither an address nor a network such as 10.0.0.0/8.");
            }
        }

        if (options.StatsKeep.Length > 0 && StatsKeeping.Parse(options.StatsKeep) is null)
        {
            problems.Add(
                $"PORTAL_STATS_KEEP is '{options.StatsKeep}'. It takes three spans, each no shorter than the one before and the first at "
                + "least an hour: for points of 10 seconds, of a minute and of 10 minutes. Example: 1d,7d,90d.");
        }

        if (options.DeploymentsKeep.Length > 0 && DeploymentKeeping.Parse(options.DeploymentsKeep) is null)
        {
            problems.Add(
                $"PORTAL_DEPLOYMENTS_KEEP is '{options.DeploymentsKeep}'. It takes how many deployments of each stack are kept, for how many "
                + "days, and for how many of them what they said. Example: 200,365d,90d.");
        }

        foreach (var inside in options.OutgoingInside.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IPNetwork.TryParse(inside, out _))
            {
                problems.Add($"PORTAL_OUTGOING_INSIDE holds '{inside}', which is no network such as 10.0.0.0/8.");
            }
        }

        MetricsAccess.Parse(options.MetricsToken, options.MetricsNetworks, out var metrics);
        if (metrics is not null)
        {
            problems.Add(metrics);
        }

        if (!int.TryParse(options.MetricsContainers, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            problems.Add($"PORTAL_METRICS_CONTAINERS is '{options.MetricsContainers}'. It takes a number of containers, or 0. Example: 5000.");
        }

        options.ReadOtlp(out var otlp);
        problems.AddRange(otlp);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckFolder(string key, string path, List<string> problems)
    {
        if (!Path.IsPathFullyQualified(path))
        {
            problems.Add($"{key} must be an absolute path; '{path}' is not.");
        }
    }

    private static void CheckDatabase(string connectionString, List<string> problems)
    {
        if (connectionString.Length == 0)
        {
            problems.Add("PORTAL_DB is not set: give an Npgsql connection string, such as Host=/run/portal/postgres;Username=portal;Database=portal. "
                + "'./portal up' runs a PostgreSQL of its own and sets it.");
            return;
        }

        try
        {
            // Never put the string or Npgsql's message into ours: it may hold a password.
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host))
            {
                problems.Add("PORTAL_DB names no Host.");
            }
        }
        catch (Exception failure) when (failure is ArgumentException or DbException or FormatException)
        {
            problems.Add("PORTAL_DB is no Npgsql connection string. Example: Host=db.example.org;Username=portal;Password=...;Database=portal");
        }
    }
}
