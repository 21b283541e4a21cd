namespace Portal.Engine.Runtime.Devices;

/// <summary>A device of the host in a container (<c>--device</c>).</summary>
/// <param name="PathOnHost">A node, or a folder of nodes, on the host; a link is followed.</param>
/// <param name="PathInContainer">Where it is in the container; empty for the same path.</param>
/// <param name="Permissions">Of <c>r</c> (read), <c>w</c> (write), <c>m</c> (make the node); empty for all three.</param>
public sealed record DeviceMapping(string PathOnHost, string PathInContainer, string Permissions);
