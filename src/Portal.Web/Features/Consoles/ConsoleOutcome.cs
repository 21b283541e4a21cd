namespace Portal.Web.Features.Consoles;

/// <summary>How somebody's look at a console ended.</summary>
/// <param name="Failed">True when it could not be opened, or the link broke.</param>
/// <param name="Message">In words.</param>
/// <param name="Ended">True when the console itself ended.</param>
internal readonly record struct ConsoleOutcome(bool Failed, string Message, bool Ended = false);
