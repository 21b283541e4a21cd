namespace Portal.Compose.Model;

/// <summary>A port of a service.</summary>
/// <param name="HostIp">Empty for every address.</param>
/// <param name="Published">A port of the host, a range from which one is taken, or empty for any.</param>
public sealed record ServicePort(string HostIp, string Published, int Target, string Protocol);
