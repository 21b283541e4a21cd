using Portal.Engine.Linux.Runtime.Cdi.Model;

namespace Portal.Engine.Linux.Runtime.Cdi;

/// <summary>A device with the specification that it is in.</summary>
internal sealed record CdiFound(CdiSpec Spec, CdiDevice Device);
