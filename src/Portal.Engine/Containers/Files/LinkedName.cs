namespace Portal.Engine.Containers.Files;

/// <summary>A line of <c>/etc/hosts</c> for a linked container.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Names">Its names, separated by blanks; the alias first.</param>
internal sealed record LinkedName(string Address, string Names);
