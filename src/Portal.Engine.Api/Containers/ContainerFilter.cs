using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Containers.Models.Health;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Containers;

/// <summary>The filters of <c>docker ps</c>.</summary>
internal sealed class ContainerFilter
{
    // No pattern takes long by itself: this is for a host that is too busy, which must not fail a list within moments.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, Regex?> _names = new(StringComparer.Ordinal);
    private readonly DockerFilters _filters;
    private readonly HashSet<string> _ancestors = new(StringComparer.Ordinal);
    private DateTimeOffset _before = DateTimeOffset.MaxValue;
    private DateTimeOffset _since = DateTimeOffset.MinValue;

    private ContainerFilter(DockerFilters filters)
    {
        _filters = filters;
    }

    /// <summary>What may be filtered by.</summary>
    public static ReadOnlySpan<string> Names => new[]
    {
        "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network", "publish",
        "since", "status", "volume",
    };

    public static async Task<ContainerFilter> MakeAsync(
        DockerFilters filters, IReadOnlyList<ContainerInfo> all, IImages images, CancellationToken cancellationToken)
    {
        var filter = new ContainerFilter(filters);
        filter.CheckValues();
        foreach (var ancestor in filters.Values("ancestor"))
        {
            await filter.AddAncestorAsync(ancestor, images, cancellationToken).ConfigureAwait(false);
        }

        if (filters.Values("before") is [var before, ..])
        {
            filter._before = Find(all, before).Created;
        }

        if (filters.Values("since") is [var since, ..])
        {
            filter._since = Find(all, since).Created;
        }

        return filter;
    }

    public bool Allows(ContainerInfo container)
    {
        return _filters.Allows("id", value => container.Id.StartsWith(value, StringComparison.Ordinal))
            && _filters.Allows("name", value => MatchesName(container.Name, value))
            && _filters.Allows("status", value => ContainerStates.Word(container.State) == value)
            && _filters.Allows("exited", value => HasExited(container, value))
            && _filters.Allows("ancestor", _ => _ancestors.Contains(container.ImageId))
            && _filters.Allows("network", value => IsConnected(container, value))
            && _filters.Allows("publish", value => IsPublished(container, value))
            && _filters.Allows("expose", value => container.Spec.ExposedPorts.Any(port => IsExposed(port, value)))
            && _filters.Allows("volume", value => container.Mounts.Any(mount => value == mount.Name || value == mount.Source || value == mount.Destination))
            && _filters.Allows("health", value => HealthModel.Word(container.Health) == value)
            && _filters.Flag("is-task") is not true
            && _filters.AllowsLabels(container.Spec.Labels)
            && container.Created < _before
            && container.Created > _since;
    }

    private void CheckValues()
    {
        foreach (var status in _filters.Values("status"))
        {
            if (!Enum.GetValues<ContainerState>().Any(state => ContainerStates.Word(state) == status))
            {
                throw EngineException.InvalidArgument($"invalid filter 'status={status}'");
            }
        }

        foreach (var health in _filters.Values("health"))
        {
            if (health is not ("none" or "starting" or "healthy" or "unhealthy"))
            {
                throw EngineException.InvalidArgument($"invalid filter 'health={health}'");
            }
        }

        foreach (var code in _filters.Values("exited"))
        {
            if (!int.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                throw EngineException.InvalidArgument($"invalid filter 'exited={code}'");
            }
        }
    }

    private async Task AddAncestorAsync(string ancestor, IImages images, CancellationToken cancellationToken)
    {
        try
        {
            var image = await images.InspectAsync(ancestor, cancellationToken).ConfigureAwait(false);
            _ancestors.Add(image.Id);
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.InvalidArgument)
        {
            // No such image: nothing was made of it, which is an empty list and no error in Docker.
        }
    }

    private static ContainerInfo Find(IReadOnlyList<ContainerInfo> all, string name)
    {
        return all.FirstOrDefault(container => container.Name == name || container.Id.StartsWith(name, StringComparison.Ordinal))
            ?? throw EngineException.NotFound($"No such container: {name}");
    }

    private bool MatchesName(string name, string pattern)
    {
        // Docker matches a regular expression against the name with and without its slash.
        if (!_names.TryGetValue(pattern, out var regex))
        {
            _names[pattern] = regex = Compile(pattern);
        }

        return regex is null
            ? name.Contains(pattern.TrimStart('/'), StringComparison.Ordinal)
            : regex.IsMatch(name) || regex.IsMatch($"/{name}");
    }

    /// <summary>Null for what is none, or can't be matched without going back.</summary>
    private static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, s_patience);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool HasExited(ContainerInfo container, string code)
    {
        return container.State is ContainerState.Exited or ContainerState.Dead
            && container.FinishedAt is not null
            && container.ExitCode.ToString(CultureInfo.InvariantCulture) == code;
    }

    private static bool IsConnected(ContainerInfo container, string network)
    {
        return container.Spec.NetworkMode == network
            || (container.Network?.Endpoints.Any(endpoint => endpoint.NetworkName == network || IsId(endpoint.NetworkId, network)) ?? false)
            || container.Networks.Any(connection => connection.Network == network);

        // Docker takes the beginning of an id as well.
        static bool IsId(string id, string part) => part.Length > 0 && id.StartsWith(part, StringComparison.Ordinal);
    }

    // By the port of the host, which a container that does not run has none of.
    private static bool IsPublished(ContainerInfo container, string value) =>
        container.Network?.Ports.Any(port => IsPort(port.HostPort, port.Protocol, value)) ?? false;

    private static bool IsExposed(string port, string value)
    {
        return PortMaps.TryParsePort(port, out var number, out var protocol) && IsPort(number, protocol, value);
    }

    /// <summary><c>80</c>, <c>53/udp</c> or <c>8000-8010/tcp</c>; no protocol is TCP.</summary>
    private static bool IsPort(int port, PortProtocol protocol, string value)
    {
        var parts = value.Split('/');
        var range = parts[0].Split('-');
        return PortMaps.TryParsePort(parts.Length > 1 ? $"1/{parts[1]}" : "1", out _, out var wanted)
            && protocol == wanted
            && int.TryParse(range[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(range[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && port >= first
            && port <= last;
    }
}
