using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Engine.Containers.Health;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Creation;

/// <summary>Finds every problem of a request before anything is done, in Docker's words where Docker has some.</summary>
internal static partial class SpecValidator
{
    private const int LongestName = 255;
    private const int LongestHostname = 64; // HOST_NAME_MAX of Linux
    private const long LeastMemory = 6 * 1024 * 1024;

    public static IEnumerable<string> Validate(ContainerSpec spec)
    {
        return Name(spec.Name)
            .Concat(Process(spec))
            .Concat(spec.ExposedPorts.Where(port => !ExposedPort.TryParse(port, out _)).Select(port => $"invalid port: '{port}'"))
            .Concat(spec.Ports.SelectMany(Port))
            .Concat(Policy(spec))
            .Concat(Resources(spec))
            .Concat(Network(spec))
            .Concat(HealthRules.Validate(spec.Healthcheck))
            .Concat(LogDriverOptions.Validate(spec.LogDriver, spec.LogOptions))
            .Concat(HostValidator.Validate(spec));
    }

    /// <summary>
    /// What is wrong with a request that is fine in an image: that a port is exposed where there is no network of its
    /// own.
    /// </summary>
    public static IEnumerable<string> ValidateRequest(ContainerSpec spec)
    {
        if (spec.NetworkMode.StartsWith("container:", StringComparison.Ordinal) && spec.ExposedPorts.Count > 0 && spec.Ports.Count == 0)
        {
            yield return "conflicting options: port exposing and the container type network mode";
        }
    }

    /// <summary>What is wrong with limits and restart policy, which can be changed later.</summary>
    public static IEnumerable<string> Limits(ContainerSpec spec) =>
        Policy(spec).Concat(Resources(spec)).Concat(HostValidator.Limits(spec));

    /// <summary>What is wrong with a name; nothing for null, which asks for one.</summary>
    public static IEnumerable<string> Name(string? name)
    {
        if (name is not null && (name.Length > LongestName || !ContainerName().IsMatch(name)))
        {
            yield return $"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed";
        }
    }

    private static IEnumerable<string> Process(ContainerSpec spec)
    {
        foreach (var variable in spec.Environment.Where(item => item.Length == 0 || item[0] == '=' || item.Contains('\0')))
        {
            yield return $"invalid environment variable: {variable}";
        }

        var words = (spec.Entrypoint ?? []).Concat(spec.Command ?? []);
        if (words.Any(word => word.Contains('\0')))
        {
            yield return "the command contains a NUL character, which no program can be given";
        }

        if (spec.WorkingDirectory is { Length: > 0 } directory && (directory[0] != '/' || directory.Contains('\0')))
        {
            yield return $"the working directory '{directory}' is invalid, it needs to be an absolute path";
        }

        if (spec.Hostname is { Length: > 0 } hostname && !IsHostname(hostname))
        {
            yield return $"invalid hostname format: {hostname}";
        }

        if (spec.StopSignal is { Length: > 0 } signal && !SignalTable.TryParse(signal, out _))
        {
            yield return $"invalid signal: {signal}";
        }
    }

    private static IEnumerable<string> Port(PortBinding port)
    {
        if (port.ContainerPort is < 1 or > 65535)
        {
            yield return $"invalid containerPort: {port.ContainerPort}";
        }

        if (port.HostPort is < 0 or > 65535)
        {
            yield return $"invalid port specification: \"{port.HostPort}\"";
        }

        if (port.HostAddress.Length > 0 && !System.Net.IPAddress.TryParse(port.HostAddress, out _))
        {
            yield return $"Invalid ip address: {port.HostAddress}";
        }
    }

    private static IEnumerable<string> Policy(ContainerSpec spec)
    {
        var policy = spec.RestartPolicy;
        if (!Enum.IsDefined(policy.Kind))
        {
            yield return $"invalid restart policy: unknown policy '{(int)policy.Kind}'";
        }

        if (policy.MaximumRetries < 0)
        {
            yield return "invalid restart policy: maximum retry count cannot be negative";
        }
        else if (policy.MaximumRetries > 0 && policy.Kind != RestartPolicyKind.OnFailure)
        {
            yield return "invalid restart policy: maximum retry count can only be used with 'on-failure'";
        }

        if (spec.AutoRemove && policy.Kind != RestartPolicyKind.No)
        {
            yield return "can't create 'AutoRemove' container with restart policy";
        }

        if (spec.LogRotation.MaxBytes < 0 || spec.LogRotation.MaxFiles < 1)
        {
            yield return "invalid log options: max-size must not be negative and max-file must be at least 1";
        }
    }

    private static IEnumerable<string> Resources(ContainerSpec spec)
    {
        var limits = spec.Resources;
        if (limits.Memory != 0 && limits.Memory < LeastMemory)
        {
            yield return "Minimum memory limit allowed is 6MB";
        }

        if (limits.MemorySwap > 0 && limits.Memory == 0)
        {
            yield return "You should always set the Memory limit when using Memoryswap limit, see usage";
        }
        else if (limits.MemorySwap > 0 && limits.MemorySwap < limits.Memory)
        {
            yield return "Minimum memoryswap limit should be larger than memory limit, see usage";
        }

        if (limits.MemoryReservation < 0 || (limits.Memory > 0 && limits.MemoryReservation > limits.Memory))
        {
            yield return "Minimum memory limit can not be less than memory reservation limit, see usage";
        }

        var cpus = Environment.ProcessorCount;
        if (limits.NanoCpus < 0 || limits.NanoCpus > cpus * 1_000_000_000L)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"range of CPUs is from 0.01 to {cpus}.00, as there are only {cpus} CPUs available");
        }

        if (limits.CpuShares is not 0 and (< 2 or > 262144))
        {
            yield return $"the CPU shares {limits.CpuShares} are outside of 2 to 262144";
        }

        if (spec.ShmSize < 0)
        {
            yield return "SHM size can not be less than 0";
        }
    }

    private static IEnumerable<string> Network(ContainerSpec spec)
    {
        if (spec.NetworkMode is "container" or "container:")
        {
            yield return "invalid network mode: invalid container format container:<name|id>";
        }
        else if (spec.NetworkMode.StartsWith("container:", StringComparison.Ordinal))
        {
            if (spec.Ports.Count > 0 || spec.PublishAllPorts)
            {
                yield return "conflicting options: port publishing and the container type network mode";
            }

            if (!string.IsNullOrEmpty(spec.Hostname))
            {
                yield return "conflicting options: hostname and the network mode";
            }
        }

        var words = spec.DnsSearch.Concat(spec.DnsOptions).Append(spec.Domainname ?? "");
        foreach (var word in words.Where(word => word.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))))
        {
            yield return $"invalid DNS setting: '{word}' has white space in it";
        }

        foreach (var network in spec.Networks)
        {
            if (network.Address is { Length: > 0 } address && !IsAddress(address, AddressFamily.InterNetwork))
            {
                yield return $"invalid IPv4 address: {address}";
            }

            if (network.Address6 is { Length: > 0 } address6 && !IsAddress(address6, AddressFamily.InterNetworkV6))
            {
                yield return $"invalid IPv6 address: {address6}";
            }
        }

        foreach (var server in spec.Dns.Where(item => !System.Net.IPAddress.TryParse(item, out _)))
        {
            yield return $"invalid DNS address: {server}";
        }

        foreach (var host in spec.ExtraHosts.Where(item => !ExtraHost.TryParse(item, out _)))
        {
            yield return $"bad format for add-host: \"{host}\"";
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]+\z")]
    private static partial Regex ContainerName();

    private static bool IsAddress(string text, AddressFamily family) =>
        System.Net.IPAddress.TryParse(text, out var address) && address.AddressFamily == family;

    // Whatever the kernel takes, as Docker does, but for what would begin another word or line in the container's /etc/hosts.
    private static bool IsHostname(string name) =>
        Encoding.UTF8.GetByteCount(name) <= LongestHostname
        && !name.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '#');
}
