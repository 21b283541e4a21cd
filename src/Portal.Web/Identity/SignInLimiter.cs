using Portal.Web.Security;

namespace Portal.Web.Identity;

/// <summary>Ten wrong passwords a minute from one client, so that they can't be guessed across many accounts.</summary>
/// <remarks>Singleton.</remarks>
internal sealed class SignInLimiter(TimeProvider time) : ClientLimiter(time, limit: 10, window: TimeSpan.FromMinutes(1));
