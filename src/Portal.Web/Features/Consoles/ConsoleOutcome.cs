namespace Portal.Web.Features.Consoles;

/// <summary>How a console ended.</summary>
/// <param name="Failed">True when it could not be opened, or the link broke.</param>
/// <param name="Message">In words.</param>
internal readonly record struct ConsoleOutcome(bool Failed, string Message);
