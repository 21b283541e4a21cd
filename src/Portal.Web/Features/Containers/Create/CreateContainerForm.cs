using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Contracts.Containers.V1;

namespace Portal.Web.Features.Containers.Create;

/// <summary>What a person fills in to make a container. Checks all of it at once, field by field.</summary>
public sealed partial class CreateContainerForm
{
    public Guid? NodeId { get; set; }

    public string Name { get; set; } = "";

    public string Image { get; set; } = "";

    public string Command { get; set; } = "";

    public string RestartPolicy { get; set; } = "no";

    public int MaximumRetries { get; set; }

    public bool Tty { get; set; }

    public bool Start { get; set; } = true;

    public string MemoryMebibytes { get; set; } = "";

    public string Cpus { get; set; } = "";

    public string NetworkMode { get; set; } = "bridge";

    public string Binds { get; set; } = "";

    /// <summary><c>image</c>, <c>none</c> or <c>shell</c>.</summary>
    public string HealthKind { get; set; } = "image";

    public string HealthCommand { get; set; } = "";

    public string HealthInterval { get; set; } = "";

    public string HealthRetries { get; set; } = "";

    public AdvancedSettings Advanced { get; } = new();

    public List<VariableRow> Variables { get; } = [];

    public List<PortRow> Ports { get; } = [];

    /// <summary>What is wrong, by field; empty when nothing is. The request is complete only then.</summary>
    public IReadOnlyDictionary<string, string> Check(out CreateContainerRequest request)
    {
        var errors = new Dictionary<string, string>();
        request = new CreateContainerRequest
        {
            Name = Name.Trim(),
            Image = Image.Trim(),
            Tty = Tty,
            OpenStdin = Tty,
            Start = Start,
            NetworkMode = NetworkMode,
            RestartPolicy = new RestartPolicy
            {
                Kind = RestartPolicyWords.Parse(RestartPolicy),
                MaximumRetries = Math.Max(0, MaximumRetries),
            },
            Resources = new Resources(),
        };
        CheckNames(errors, request);
        CheckCommand(errors, request);
        CheckVariables(errors, request);
        CheckPorts(errors, request);
        CheckLimits(errors, request);
        CheckBinds(errors, request);
        CheckHealth(errors, request);
        Advanced.Check(errors, request);
        return errors;
    }

    private void CheckNames(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        if (NodeId is null)
        {
            errors[nameof(NodeId)] = T("Choose the node that it shall run on.");
        }

        if (request.Image.Length == 0)
        {
            errors[nameof(Image)] = T("Name an image, such as busybox or registry.example.com/team/app:1.2.");
        }

        if (request.Name.Length > 0 && !NamePattern().IsMatch(request.Name))
        {
            errors[nameof(Name)] = T("A name begins with a letter or a digit and goes on with letters, digits, _, . or - (two at least).");
        }
    }

    private void CheckCommand(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        try
        {
            request.Command.AddRange(CommandLineWords.Split(Command));
        }
        catch (FormatException failure)
        {
            errors[nameof(Command)] = failure.Message;
        }
    }

    private void CheckVariables(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        foreach (var row in Variables.Where(row => row.Name.Length > 0 || row.Value.Length > 0))
        {
            var name = row.Name.Trim();
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            {
                errors[nameof(Variables)] = T("'{0}' is no name of a variable: it must not be empty or contain '='.", name);
            }

            request.Environment.Add($"{name}={row.Value}");
        }
    }

    private void CheckPorts(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        foreach (var row in Ports.Where(row => row.Host.Trim().Length > 0 || row.Container.Trim().Length > 0))
        {
            var container = ParsePort(row.Container, 1);
            var host = row.Host.Trim().Length == 0 ? 0 : ParsePort(row.Host, 1);
            if (container is null || host is null)
            {
                errors[nameof(Ports)] =
                    T("'{0} → {1}' is no pair of ports: numbers from 1 to 65535; the host's may be empty for a free one.", row.Host, row.Container);
                continue;
            }

            var protocol = row.Protocol == "udp" ? PortProtocol.Udp : PortProtocol.Tcp;
            if (host != 0 && request.Ports.Any(other => other.HostPort == host && other.Protocol == protocol))
            {
                errors[nameof(Ports)] = T("The host's port {0} stands here twice.", host);
            }

            request.Ports.Add(new PortBinding { ContainerPort = container.Value, HostPort = host.Value, Protocol = protocol });
        }
    }

    private void CheckLimits(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        if (MemoryMebibytes.Trim().Length > 0)
        {
            if (long.TryParse(MemoryMebibytes, CultureInfo.InvariantCulture, out var mebibytes) && mebibytes is >= 6 and <= 1 << 24)
            {
                request.Resources.MemoryBytes = mebibytes * 1024 * 1024;
            }
            else
            {
                errors[nameof(MemoryMebibytes)] = T("A whole number of MiB, 6 at least, or nothing for no limit.");
            }
        }

        if (Cpus.Trim().Length > 0)
        {
            if (decimal.TryParse(Cpus, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cpus)
                && cpus is >= 0.01m and <= 4096)
            {
                request.Resources.NanoCpus = (long)(cpus * 1_000_000_000);
            }
            else
            {
                errors[nameof(Cpus)] = T("A number of processors such as 0.5 or 2, or nothing for no limit.");
            }
        }
    }

    private void CheckBinds(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        foreach (var line in Binds.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split(':');
            if (parts.Length is < 2 or > 3 || !parts[0].StartsWith('/') || !parts[1].StartsWith('/'))
            {
                errors[nameof(Binds)] = T("'{0}' is no pair of absolute paths: /on/the/host:/in/the/container, with :ro for read-only.", line);
            }

            request.Binds.Add(line);
        }
    }

    private void CheckHealth(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        if (HealthKind == "none")
        {
            request.Healthcheck = new Healthcheck { Test = { "NONE" } };
        }

        if (HealthKind != "shell")
        {
            return;
        }

        request.Healthcheck = new Healthcheck { Test = { "CMD-SHELL", HealthCommand.Trim() } };
        if (HealthCommand.Trim().Length == 0)
        {
            errors[nameof(HealthCommand)] = T("What tells by its exit code 0 that the container is healthy, such as wget -qO- localhost:8080");
        }

        if (HealthInterval.Trim().Length > 0)
        {
            if (TryNumber(HealthInterval, 86_400, out var seconds))
            {
                request.Healthcheck.Interval = new Google.Protobuf.WellKnownTypes.Duration { Seconds = seconds };
            }
            else
            {
                errors[nameof(HealthInterval)] = T("A whole number of seconds, 1 to 86400, or nothing for 30.");
            }
        }

        if (HealthRetries.Trim().Length > 0)
        {
            if (TryNumber(HealthRetries, 1000, out var retries))
            {
                request.Healthcheck.Retries = retries;
            }
            else
            {
                errors[nameof(HealthRetries)] = T("A whole number from 1 to 1000, or nothing for 3.");
            }
        }
    }

    private static bool TryNumber(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;

    private static int? ParsePort(string text, int least) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port >= least && port <= 65535
            ? port
            : null;

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
