using System.Globalization;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Runtime.Devices;

namespace Portal.Engine.Linux.Runtime.Cdi;

/// <summary>Finds the devices that a container asks drivers for, and puts their edits into its specification.</summary>
internal sealed class CdiDevices(CdiCatalog catalog)
{
    private const string Cdi = "cdi";
    private const string Nvidia = "nvidia";
    private const string NvidiaKind = "nvidia.com/gpu";

    /// <exception cref="EngineException">InvalidArgument: no driver has what is asked for; begins with Docker's words.</exception>
    public OciSpec Apply(OciSpec spec, IReadOnlyList<DeviceRequest> requests)
    {
        if (requests.Count == 0)
        {
            return spec;
        }

        var known = catalog.Read();
        var names = requests.SelectMany(request => NamesOf(request, known)).Distinct(StringComparer.Ordinal).ToList();
        var missing = names.Where(name => !known.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw EngineException.InvalidArgument(
                $"CDI device injection failed: unresolvable CDI devices {string.Join(", ", missing)}: {Folders()}");
        }

        var found = names.Select(name => known[name]).ToList();

        // Edits of a whole specification count once, however many of its devices there are.
        var edits = found.Select(device => device.Spec).Distinct(ReferenceEqualityComparer.Instance).Cast<Model.CdiSpec>()
            .Select(owner => owner.ContainerEdits)
            .Concat(found.Select(device => device.Device.ContainerEdits))
            .OfType<Model.CdiEdits>();
        return edits.Aggregate(spec, CdiInjector.Inject);
    }

    private IEnumerable<string> NamesOf(DeviceRequest request, IReadOnlyDictionary<string, CdiFound> known)
    {
        if (request.Driver == Cdi)
        {
            return request.DeviceIds;
        }

        var isGpu = request.Driver == Nvidia || request.Capabilities.Any(set => set.Contains("gpu"));
        return request.Driver is "" or Nvidia && isGpu ? Gpus(request, known) : throw NoDriver(request, "");
    }

    private List<string> Gpus(DeviceRequest request, IReadOnlyDictionary<string, CdiFound> known)
    {
        var gpus = known.Keys
            .Where(name => name.StartsWith(NvidiaKind + "=", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (gpus.Count == 0)
        {
            throw NoDriver(
                request,
                $": none of {Folders()} names a device of {NvidiaKind}; "
                + "install the NVIDIA Container Toolkit on this host and run 'nvidia-ctk cdi generate'");
        }

        if (request.DeviceIds.Count > 0)
        {
            return [.. request.DeviceIds.Select(id => $"{NvidiaKind}={id}")];
        }

        if (request.Count < 0)
        {
            return known.ContainsKey($"{NvidiaKind}=all") ? [$"{NvidiaKind}=all"] : gpus;
        }

        // Numbered ones are single devices; others are names for the same or for all.
        var single = gpus
            .Where(name => int.TryParse(name.AsSpan(NvidiaKind.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .ToList();
        return request.Count <= single.Count
            ? single[..request.Count]
            : throw EngineException.InvalidArgument($"{request.Count} GPUs are asked for, and this host has {single.Count}");
    }

    private string Folders() => $"the CDI folders ({string.Join(", ", catalog.Folders)})";

    private static EngineException NoDriver(DeviceRequest request, string why)
    {
        var sets = string.Join(' ', request.Capabilities.Select(set => $"[{string.Join(' ', set)}]"));
        return EngineException.InvalidArgument($"could not select device driver \"{request.Driver}\" with capabilities: [{sets}]{why}");
    }
}
