namespace Portal.Engine.Runtime;

/// <summary>The runtime in use.</summary>
/// <param name="Name"><c>runc</c> or <c>crun</c>.</param>
/// <param name="Version">Its version, such as <c>1.1.5</c>.</param>
/// <param name="MonitorVersion">conmon's version.</param>
/// <param name="CgroupVersion"><c>1</c> or <c>2</c>.</param>
public sealed record RuntimeInfo(string Name, string Version, string MonitorVersion, string CgroupVersion);
