namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>A packet that nothing is known of but where it comes in, where it leaves, and that it begins a flow.</summary>
/// <param name="From">The interface on which it comes in.</param>
/// <param name="To">The interface by which it would leave.</param>
/// <param name="IsTranslated">True when its destination was translated, as that of a published port is.</param>
/// <param name="IsIpv6">Its family.</param>
internal readonly record struct FilteredPacket(string From, string To, bool IsTranslated, bool IsIpv6);
