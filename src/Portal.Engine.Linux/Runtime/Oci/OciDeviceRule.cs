namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary>An entry of <c>linux.resources.devices</c>; a missing number stands for all.</summary>
internal sealed record OciDeviceRule(bool Allow, string? Type, long? Major, long? Minor, string Access);
