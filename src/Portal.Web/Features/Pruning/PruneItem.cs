namespace Portal.Web.Features.Pruning;

/// <summary>One thing that would go.</summary>
/// <param name="Name">What people know it by.</param>
/// <param name="Size">Its size in bytes; null when it is not known.</param>
/// <param name="Stopped">How many stopped containers will miss it.</param>
public sealed record PruneItem(string Name, long? Size, int Stopped = 0);
