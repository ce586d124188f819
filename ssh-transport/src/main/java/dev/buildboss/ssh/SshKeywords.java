package dev.buildboss.ssh;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the built-in ssh makes of each keyword of ssh_config(5): honours it, needs {@code ssh -G} for it, can do without it,
 * or refuses it. A keyword in none of these is refused too.
 */
final class SshKeywords {

    private SshKeywords() {}

    /** Read by {@link SshHostReader}. */
    static final Set<String> HONOURED = Set.of(
            "hostname",
            "port",
            "user",
            "identityfile",
            "identitiesonly",
            "identityagent",
            "proxyjump",
            "userknownhostsfile",
            "globalknownhostsfile",
            "stricthostkeychecking",
            "hostkeyalias",
            "hashknownhosts",
            "connecttimeout",
            "serveraliveinterval",
            "serveralivecountmax",
            "ciphers",
            "macs",
            "kexalgorithms",
            "hostkeyalgorithms",
            "pubkeyacceptedalgorithms",
            "pubkeyacceptedkeytypes",
            "ignoreunknown");

    /** Their effect is on other lines or names: the ssh program can say what comes of them. */
    static final Set<String> RESOLVABLE = Set.of(
            "include",
            "canonicalizehostname",
            "canonicaldomains",
            "canonicalizefallbacklocal",
            "canonicalizemaxdots",
            "canonicalizepermittedcnames",
            "tag");

    /** For terminals, prompts, forwarding, logs, other ways to log in, or speed: a build is the same without them. */
    static final Set<String> WITHOUT_EFFECT = Set.of(
            "addkeystoagent",
            "batchmode",
            "challengeresponseauthentication",
            "channeltimeout",
            "checkhostip",
            "clearallforwardings",
            "compression",
            "connectionattempts",
            "controlmaster",
            "controlpath",
            "controlpersist",
            "dynamicforward",
            "enableescapecommandline",
            "enablesshkeysign",
            "escapechar",
            "exitonforwardfailure",
            "fingerprinthash",
            "forwardagent",
            "forwardx11",
            "forwardx11timeout",
            "forwardx11trusted",
            "gatewayports",
            "gssapiauthentication",
            "gssapidelegatecredentials",
            "gssapikeyexchange",
            "gssapirenewalforcesrekey",
            "gssapitrustdns",
            "ipqos",
            "kbdinteractiveauthentication",
            "kbdinteractivedevices",
            "localcommand",
            "localforward",
            "loglevel",
            "logverbose",
            "nohostauthenticationforlocalhost",
            "numberofpasswordprompts",
            "obscurekeystroketiming",
            "passwordauthentication",
            "permitlocalcommand",
            "permitremoteopen",
            "preferredauthentications",
            "pubkeyauthentication",
            "rekeylimit",
            "remoteforward",
            "requesttty",
            "sendenv",
            "setenv",
            "streamlocalbindmask",
            "streamlocalbindunlink",
            "syslogfacility",
            "tcpkeepalive",
            "tunnel",
            "tunneldevice",
            "updatehostkeys",
            "usekeychain",
            "versionaddendum",
            "visualhostkey",
            "xauthlocation");

    /** What the built-in ssh can't do, with the values that ask for nothing. */
    static final Map<String, List<String>> REFUSED = Map.ofEntries(
            Map.entry("addressfamily", List.of("any")),
            Map.entry("bindaddress", List.of("none", "any")),
            Map.entry("bindinterface", List.of("none")),
            Map.entry("casignaturealgorithms", List.of()),
            Map.entry("certificatefile", List.of("none")),
            Map.entry("forkafterauthentication", List.of("no")),
            Map.entry("hostbasedauthentication", List.of("no")),
            Map.entry("knownhostscommand", List.of("none")),
            Map.entry("pkcs11provider", List.of("none")),
            Map.entry("proxycommand", List.of("none")),
            Map.entry("proxyusefdpass", List.of("no")),
            Map.entry("remotecommand", List.of("none")),
            Map.entry("requiredrsasize", List.of("1024")),
            Map.entry("revokedhostkeys", List.of("none")),
            Map.entry("securitykeyprovider", List.of("internal", "$SSH_SK_PROVIDER", "none")),
            Map.entry("sessiontype", List.of("default")),
            Map.entry("stdinnull", List.of("no")),
            Map.entry("verifyhostkeydns", List.of("no", "false")));

    /** Of those, what {@code ssh -G} prints for everyone. */
    static final Set<String> PRINTED_ALWAYS = Set.of("casignaturealgorithms", "requiredrsasize");

    /** Whether a value asks for nothing. */
    static boolean isNeutral(String key, String value) {
        return REFUSED.getOrDefault(key, List.of()).stream().anyMatch(value::equalsIgnoreCase);
    }
}
