namespace Portal.Web.Features.Overlays;

/// <summary>A network that spans nodes, with its nodes.</summary>
/// <param name="Id">The portal's id of it.</param>
/// <param name="EngineId">Its id on every node, 64 hexadecimal digits.</param>
/// <param name="Name">Its name.</param>
/// <param name="Vni">Its number on the wire.</param>
/// <param name="Port">The UDP port that nodes reach each other at.</param>
/// <param name="Subnet">CIDR form.</param>
/// <param name="Internal">Containers on it reach nothing outside of it.</param>
/// <param name="EnvironmentId">Whose nodes it spans; null for all nodes.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="AuthorName">Who made it.</param>
/// <param name="Removing">It goes as soon as its nodes answer.</param>
/// <param name="Nodes">By name.</param>
public sealed record OverlayLine(
    Guid Id, string EngineId, string Name, int Vni, int Port, string Subnet, bool Internal, Guid? EnvironmentId, DateTimeOffset CreatedAt,
    string AuthorName, bool Removing, IReadOnlyList<OverlayNodeLine> Nodes);
