using System.Globalization;
using System.Text.Json;
using Portal.Compose.Planning;

namespace Portal.Compose.Proposals;

/// <summary>Writes one service of what a container is: what its image says itself is left out.</summary>
internal sealed class ServiceProposal(string name, FoundContainer container, ProposalPlaces places, ProposalValues values, int replicas)
{
    private const int Indent = 4;
    private static readonly string[] s_modes = ["host", "none", "bridge"];
    private readonly JsonElement? _config = ((JsonElement?)container.Inspected).Find("Config");
    private readonly JsonElement? _image = container.Image.Find("Config");
    private readonly JsonElement? _host = ((JsonElement?)container.Inspected).Find("HostConfig");
    private readonly JsonElement? _root = container.Inspected;

    public void Write(YamlText text)
    {
        text.Key(2, name);
        text.Value(Indent, "image", _config.Text("Image"));
        if (replicas > 1)
        {
            text.Plain(Indent, "scale", replicas.ToString(CultureInfo.InvariantCulture));
        }
        else if (!places.IsUsualName(name, _root.Text("Name").TrimStart('/')))
        {
            text.Value(Indent, "container_name", _root.Text("Name").TrimStart('/'));
        }

        Hostname(text);
        Words(text, "entrypoint", "Entrypoint");
        Words(text, "command", "Cmd");
        Different(text, "user", "User");
        Different(text, "working_dir", "WorkingDir");
        Environment(text);
        text.List(Indent, "ports", [.. Ports()]);
        Exposed(text);
        Mounts(text);
        Networks(text);
        ServiceSettings.Pairs(text, "labels", Labels());
        Healthcheck(text);
        if (_config.Flag("Tty"))
        {
            text.Plain(Indent, "tty", "true");
        }

        if (_config.Flag("OpenStdin"))
        {
            text.Plain(Indent, "stdin_open", "true");
        }

        Different(text, "stop_signal", "StopSignal");
        if (_config.Number("StopTimeout") is > 0 and var seconds)
        {
            text.Plain(Indent, "stop_grace_period", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"));
        }

        ServiceSettings.Write(text, _host);
        Untold();
    }

    // Without a name of its own a container is called by the beginning of its id.
    private void Hostname(YamlText text)
    {
        var hostname = _config.Text("Hostname");
        if (hostname.Length > 0 && !_root.Text("Id").StartsWith(hostname, StringComparison.Ordinal) && _host.Text("NetworkMode") != "host")
        {
            text.Value(Indent, "hostname", hostname);
        }

        if (_config.Text("Domainname") is { Length: > 0 } domain)
        {
            text.Value(Indent, "domainname", domain);
        }
    }

    private void Words(YamlText text, string key, string found)
    {
        var (own, images) = (_config.Texts(found), _image.Texts(found));

        // An entrypoint of one's own takes the image's command away.
        var isKept = found == "Cmd" && !Same(_config.Texts("Entrypoint"), _image.Texts("Entrypoint"));
        if (own is { Count: > 0 } && (isKept || !Same(own, images)))
        {
            text.List(Indent, key, own);
        }
        else if (own is not { Count: > 0 } && images is { Count: > 0 } && !isKept)
        {
            text.Empty(Indent, key);
        }
    }

    private static bool Same(IReadOnlyList<string>? one, IReadOnlyList<string>? other) =>
        (one ?? []).SequenceEqual(other ?? [], StringComparer.Ordinal);

    private void Different(YamlText text, string key, string found)
    {
        if (_config.Text(found) is { Length: > 0 } value && value != _image.Text(found))
        {
            text.Value(Indent, key, value);
        }
    }

    private void Environment(YamlText text)
    {
        var images = (_image.Texts("Env") ?? []).ToHashSet(StringComparer.Ordinal);
        var own = (_config.Texts("Env") ?? []).Where(pair => !images.Contains(pair)).ToList();
        if (own.Count == 0)
        {
            return;
        }

        text.Key(Indent, "environment");
        foreach (var pair in own.Select(pair => pair.Split('=', 2)))
        {
            var value = pair.Length == 2 ? pair[1] : "";
            if (values.Hide(name, pair[0], value) is { } variable)
            {
                text.Plain(Indent + 2, pair[0], $"${{{variable}}}");
            }
            else
            {
                text.Value(Indent + 2, pair[0], value);
            }
        }
    }

    private IEnumerable<string> Ports()
    {
        foreach (var (port, bindings) in _host.Members("PortBindings"))
        {
            var target = port.EndsWith("/tcp", StringComparison.Ordinal) ? port[..^4] : port;
            foreach (var binding in bindings is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [])
            {
                var (address, number) = (((JsonElement?)binding).Text("HostIp"), ((JsonElement?)binding).Text("HostPort"));
                var shown = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
                yield return address is "" or "0.0.0.0" or "::"
                    ? (number is "" or "0" ? target : $"{number}:{target}") : $"{shown}:{number}:{target}";
            }
        }
    }

    private void Exposed(YamlText text)
    {
        var images = _image.Members("ExposedPorts").Select(port => port.Name).ToHashSet(StringComparer.Ordinal);
        var published = _host.Members("PortBindings").Select(port => port.Name).ToHashSet(StringComparer.Ordinal);
        text.List(Indent, "expose", [.. _config.Members("ExposedPorts").Select(port => port.Name)
            .Where(port => !images.Contains(port) && !published.Contains(port))]);
    }

    private void Mounts(YamlText text)
    {
        var mounts = _root.Items("Mounts").Where(mount => mount.Text("Type") is "bind" or "volume").ToList();
        if (mounts.Count > 0)
        {
            text.Key(Indent, "volumes");
        }

        foreach (var mount in mounts)
        {
            var type = mount.Text("Type");
            text.First(Indent + 2, "type", type);
            text.Value(Indent + 4, "source", type == "bind" ? mount.Text("Source") : places.Volume(mount.Text("Name"), name));
            text.Value(Indent + 4, "target", mount.Text("Destination"));
            if (mount.Find("RW") is { ValueKind: JsonValueKind.False })
            {
                text.Plain(Indent + 4, "read_only", "true");
            }

            if (type == "bind" && mount.Text("Propagation") is { Length: > 0 } propagation and not "rprivate")
            {
                text.Key(Indent + 4, "bind");
                text.Value(Indent + 6, "propagation", propagation);
            }
        }

        foreach (var mount in _root.Items("Mounts").Where(mount => mount.Text("Type") is not ("bind" or "volume" or "tmpfs")))
        {
            places.Note($"'{name}': the mount of type {mount.Text("Type")} at {mount.Text("Destination")} is left out.");
        }
    }

    private void Networks(YamlText text)
    {
        var mode = _host.Text("NetworkMode");
        if (s_modes.Contains(mode) || mode is "default" or "")
        {
            text.Value(Indent, "network_mode", mode is "default" or "" ? "bridge" : mode);
            return;
        }

        if (mode.StartsWith("container:", StringComparison.Ordinal))
        {
            text.Value(Indent, "network_mode", places.Sharing(mode));
            return;
        }

        var networks = ((JsonElement?)container.Inspected).Find("NetworkSettings").Members("Networks").ToList();
        if (networks.Count == 1 && places.IsDefault(networks[0].Name))
        {
            return;
        }

        text.Key(Indent, "networks");
        foreach (var (network, end) in networks)
        {
            text.Key(Indent + 2, places.Network(network));
            var own = (end.Texts("Aliases") ?? []).Where(alias => alias != name && alias != _root.Text("Name").TrimStart('/')
                && !_root.Text("Id").StartsWith(alias, StringComparison.Ordinal) && alias != _config.Text("Hostname")).Distinct().ToList();
            text.List(Indent + 4, "aliases", own);
            foreach (var (found, key) in new[] { ("IPv4Address", "ipv4_address"), ("IPv6Address", "ipv6_address") })
            {
                if (end.Find("IPAMConfig").Text(found) is { Length: > 0 } address)
                {
                    text.Value(Indent + 4, key, address);
                }
            }
        }
    }

    private IEnumerable<(string, string)> Labels()
    {
        var images = _image.Pairs("Labels").ToHashSet();
        return _config.Pairs("Labels").Where(label => !images.Contains(label)
            && !label.Name.StartsWith("com.docker.compose.", StringComparison.Ordinal));
    }

    private void Healthcheck(YamlText text)
    {
        var (own, images) = (_config.Find("Healthcheck"), _image.Find("Healthcheck"));
        if (own.Texts("Test") is not { Count: > 0 } test || own?.GetRawText() == images?.GetRawText())
        {
            return;
        }

        text.Key(Indent, "healthcheck");
        text.List(Indent + 2, "test", test);
        foreach (var (found, key) in new[]
            { ("Interval", "interval"), ("Timeout", "timeout"), ("StartPeriod", "start_period"), ("StartInterval", "start_interval") })
        {
            if (own.Number(found) is > 0 and var nanoseconds)
            {
                text.Plain(Indent + 2, key, string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000}ms"));
            }
        }

        if (own.Number("Retries") is > 0 and var retries)
        {
            text.Plain(Indent + 2, "retries", retries.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void Untold()
    {
        foreach (var (found, what) in new[] { ("VolumesFrom", "--volumes-from"), ("Links", "--link") })
        {
            if (_host.Texts(found) is { Count: > 0 })
            {
                places.Note($"'{name}': {what} has no place in a file like this; its mounts and networks are written out.");
            }
        }

        if (_host.Flag("AutoRemove"))
        {
            places.Note($"'{name}': it is removed when it ends (--rm); a service is not.");
        }

        if (_host.Items("DeviceRequests").Any(request => request.Number("Count") != -1))
        {
            places.Note($"'{name}': chosen devices are left out: write them below 'gpus' or 'devices'.");
        }

        var label = _config.Find("Labels").Text(ComposeLabels.OneOff);
        if (label == "True")
        {
            places.Note($"'{name}': it was started for once ('compose run').");
        }
    }
}
