namespace Portal.Web.Features.Rest.Containers;

/// <summary>What a prune removed.</summary>
/// <param name="Count">How many containers.</param>
/// <param name="Bytes">What is free now.</param>
internal sealed record ContainersPruned(int Count, long Bytes);
