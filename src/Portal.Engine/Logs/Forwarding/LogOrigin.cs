using Portal.Engine.Containers;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>What messages say of the container that they are from.</summary>
internal sealed record LogOrigin
{
    public required string ContainerId { get; init; }

    public required string ContainerName { get; init; }

    public required string ImageId { get; init; }

    public required string ImageName { get; init; }

    public required string Command { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string Tag { get; init; }

    /// <summary>Labels and variables that were chosen by the options <c>labels</c>, <c>env</c> and their patterns.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>The host, as receivers name it.</summary>
    public string Hostname { get; } = Environment.MachineName;

    public static LogOrigin Of(ContainerInfo container)
    {
        return new LogOrigin
        {
            ContainerId = container.Id,
            ContainerName = container.Name,
            ImageId = container.ImageId,
            ImageName = container.Spec.Image,
            Command = string.Join(' ', container.Arguments),
            Created = container.Created,
            Tag = LogTag.Format(container),
            Attributes = LogAttributes.Of(container.Spec),
        };
    }
}
