namespace Portal.Engine.Images.Importing;

/// <summary>What an import is to become.</summary>
public sealed record ImageImport
{
    /// <summary>The name as users write it, or null for an image without a name.</summary>
    public string? Name { get; init; }

    /// <summary>What its history says about it.</summary>
    public string Message { get; init; } = "";

    /// <summary>
    /// Instructions of a Dockerfile that change the configuration: <c>CMD</c>, <c>ENTRYPOINT</c>, <c>ENV</c>, <c>EXPOSE</c>,
    /// <c>HEALTHCHECK</c>, <c>LABEL</c>, <c>ONBUILD</c>, <c>SHELL</c>, <c>STOPSIGNAL</c>, <c>USER</c>, <c>VOLUME</c>, <c>WORKDIR</c>.
    /// </summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>What it is made for, or null for the host's platform.</summary>
    public ImagePlatform? Platform { get; init; }
}
