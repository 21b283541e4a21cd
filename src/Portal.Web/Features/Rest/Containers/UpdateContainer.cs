using Portal.Contracts.Containers.V1;

namespace Portal.Web.Features.Rest.Containers;

/// <summary>Limits to change; what is left out stays.</summary>
/// <param name="MemoryBytes">Bytes.</param>
/// <param name="NanoCpus">Billionths of a processor.</param>
/// <param name="PidsLimit">0 for no limit.</param>
/// <param name="RestartPolicy">When it is started again.</param>
internal sealed record UpdateContainer(
    long? MemoryBytes = null, long? NanoCpus = null, long? PidsLimit = null, RestartPolicy? RestartPolicy = null)
{
    public UpdateContainerRequest ToRequest()
    {
        var request = new UpdateContainerRequest { RestartPolicy = RestartPolicy };
        if (MemoryBytes is { } memory)
        {
            request.MemoryBytes = memory;
        }

        if (NanoCpus is { } cpus)
        {
            request.NanoCpus = cpus;
        }

        if (PidsLimit is { } pids)
        {
            request.PidsLimit = pids;
        }

        return request;
    }

    /// <summary>For the audit log.</summary>
    public string Describe()
    {
        string?[] changes =
        [
            MemoryBytes is { } memory ? $"memory {memory} bytes" : null,
            NanoCpus is { } cpus ? $"processors {cpus / 1_000_000_000m}" : null,
            PidsLimit is { } pids ? $"processes {pids}" : null,
            RestartPolicy is { } policy ? $"restart policy {policy.Kind}" : null,
        ];
        return string.Join(", ", changes.OfType<string>());
    }
}
