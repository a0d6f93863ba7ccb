import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import accounts.clock

# People expect names in the order of a dictionary, which takes ICU. The PostgreSQL that comes as a
# wheel has none, so there the order is that of code points and everything else is the same.
NAMES = """
DO $$
DECLARE
    base text;
BEGIN
    SELECT collname INTO base FROM pg_collation
    WHERE collname IN ('en-x-icu', 'pg_c_utf8', 'C.utf8', 'C')
      AND collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding()))
    ORDER BY array_position(ARRAY['en-x-icu', 'pg_c_utf8', 'C.utf8', 'C'], collname::text) LIMIT 1;
    EXECUTE format('CREATE COLLATION IF NOT EXISTS names FROM %I', base);
END
$$
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunSQL(NAMES, 'DROP COLLATION names'),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(help_text='Kept in lower case.', max_length=254, unique=True, verbose_name='email address')),
                ('pending_email', models.EmailField(blank=True, help_text='Asked for, until the link sent there is used.', max_length=254, verbose_name='new email address')),
                ('name', models.CharField(db_collation='names', max_length=100)),
                ('job_title', models.CharField(blank=True, max_length=100)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=accounts.clock.now, editable=False)),
                ('joined_at', models.DateTimeField(blank=True, help_text='When they accepted their invitation.', null=True)),
                ('deactivated_at', models.DateTimeField(blank=True, null=True)),
                ('session_round', models.PositiveIntegerField(default=0, help_text='Sessions of an earlier round are dead: see end_sessions().')),
                ('deactivated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('region', 'Region'), ('area', 'Area'), ('district', 'District'), ('ward', 'Ward')], max_length=8)),
                ('code', models.CharField(max_length=12, unique=True)),
                ('name', models.CharField(db_collation='names', max_length=100)),
                ('path', models.CharField(db_collation='C', editable=False, max_length=60, unique=True)),
                ('thresholds', models.CharField(choices=[('city', 'Nottingham City: Right Support, Right Time'), ('county', 'Nottinghamshire: Pathway to Provision'), ('other', "Another area's thresholds")], default='other', max_length=8)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.area')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DutyShift',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.CharField(choices=[('lead', 'Safeguarding lead on duty'), ('deputy', 'Deputy')], default='lead', max_length=6)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('is_out_of_hours', models.BooleanField(default=False, help_text='Reached by telephone only, in the evening, at night, at a weekend.')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_shifts', to='accounts.area')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_shifts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('created_at', models.DateTimeField(default=accounts.clock.now)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations_sent', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Locality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sector', 'Postcode sector'), ('outcode', 'Postcode district'), ('town', 'Town')], max_length=7)),
                ('name', models.CharField(max_length=60)),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('easting', models.IntegerField(help_text='OSGB36 metres')),
                ('northing', models.IntegerField(help_text='OSGB36 metres')),
                ('district_code', models.CharField(blank=True, help_text='Empty where its postcodes lie in several districts.', max_length=9)),
                ('postcodes', models.PositiveIntegerField(default=0, help_text='How many the centre is made from.')),
            ],
            options={
                'verbose_name_plural': 'localities',
                'ordering': ['kind', 'name'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'name'), name='locality_once', violation_error_message='This place is already on the list.')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(db_collation='names', max_length=200)),
                ('kind', models.CharField(choices=[('unit', 'Violence reduction unit'), ('school', 'School'), ('college', 'College or training provider'), ('council', 'Council'), ('police', 'Police'), ('health', 'Health service'), ('justice', 'Youth justice, probation or custody'), ('charity', 'Charity or community group'), ('employer', 'Employer'), ('other', 'Other')], max_length=10)),
                ('sector', models.CharField(choices=[('core', 'Core (public) provision'), ('voluntary', 'Voluntary and community sector')], max_length=10)),
                ('urn', models.CharField(blank=True, max_length=6, validators=[django.core.validators.RegexValidator('^\\d{6}$', "A school's URN is six digits.")], verbose_name='URN')),
                ('ukprn', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('^1\\d{7}$', 'A UKPRN is eight digits and begins with 1.')], verbose_name='UKPRN')),
                ('charity_number', models.CharField(blank=True, max_length=12, validators=[django.core.validators.RegexValidator('^\\d{6,7}(-\\d{1,3})?$', 'A charity number is six or seven digits, such as 1023456.')])),
                ('company_number', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('^(\\d{8}|[A-Z]{2}\\d{6})$', 'A company number is eight characters, such as 01234567 or OC123456.')])),
                ('postcode', models.CharField(blank=True, max_length=8)),
                ('school_type', models.CharField(blank=True, help_text="As in the government's register of schools.", max_length=80)),
                ('school_phase', models.CharField(blank=True, help_text="As in the government's register of schools.", max_length=30)),
                ('team_sees_referrals', models.BooleanField(default=False, help_text='Referrers here see the referrals of their colleagues.')),
                ('is_open', models.BooleanField(default=True)),
                ('areas', models.ManyToManyField(blank=True, related_name='organisations', to='accounts.area')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('referrer', 'Referrer'), ('coordinator', 'Coordinator'), ('safeguarding_lead', 'Safeguarding lead'), ('mentor', 'Mentor'), ('supervisor', 'Supervisor'), ('pathway_adviser', 'Pathway adviser'), ('analyst', 'Analyst'), ('board_member', 'Board member'), ('information_governance', 'Information-governance officer'), ('directory_editor', 'Directory editor'), ('organisation_admin', 'Organisation administrator'), ('programme_manager', 'Programme manager'), ('administrator', 'Administrator')], max_length=24)),
                ('starts_on', models.DateField(default=accounts.clock.today)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, help_text='From this moment the role is gone, whatever its last day.', null=True)),
                ('cover_from', models.DateField(blank=True, null=True)),
                ('cover_until', models.DateField(blank=True, null=True)),
                ('areas', models.ManyToManyField(blank=True, related_name='memberships', to='accounts.area')),
                ('cover', models.ForeignKey(blank=True, help_text='Who acts for this person while they are away.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='covers', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted_by', models.ForeignKey(blank=True, help_text='Nobody: the system, at setup.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reports_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.organisation')),
            ],
            options={
                'ordering': ['user__name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Postcode',
            fields=[
                ('postcode', models.CharField(max_length=8, primary_key=True, serialize=False)),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('easting', models.IntegerField(help_text='OSGB36 metres')),
                ('northing', models.IntegerField(help_text='OSGB36 metres')),
                ('district_code', models.CharField(db_index=True, max_length=9)),
                ('ward_code', models.CharField(blank=True, db_index=True, max_length=9)),
                ('lsoa21_code', models.CharField(blank=True, max_length=9)),
                ('imd_decile', models.PositiveSmallIntegerField(help_text='IMD 2025; 1 is the most deprived tenth', null=True)),
            ],
            options={
                'indexes': [models.Index(django.db.models.functions.text.Substr('postcode', 1, 4), name='postcode_outcode')],
            },
        ),
        migrations.CreateModel(
            name='RecoverySheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('throttling_failure_timestamp', models.DateTimeField(blank=True, default=None, help_text='A timestamp of the last failed verification attempt. Null if last attempt succeeded.', null=True)),
                ('throttling_failure_count', models.PositiveIntegerField(default=0, help_text='Number of successive failed attempts.')),
                ('created_at', models.DateTimeField(auto_now_add=True, help_text='The date and time when this device was initially created in the system.', null=True)),
                ('last_used_at', models.DateTimeField(blank=True, help_text='The most recent date and time this device was used.', null=True)),
                ('user', models.ForeignKey(help_text='The user that this device belongs to.', on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            bases=(models.Model,),
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='accounts.recoverysheet')),
            ],
        ),
        migrations.CreateModel(
            name='SharingAgreement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=200)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sharing_agreements', to='accounts.organisation')),
            ],
            options={
                'ordering': ['-starts_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('since', models.DateTimeField(db_index=True)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name_plural': 'tallies',
                'constraints': [models.UniqueConstraint(fields=('key', 'since'), name='tally_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_in_lower_case', violation_error_message='Keep the email address in lower case.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('deactivated_at', None), ('deactivated_by', None), ('is_active', True)), models.Q(('deactivated_at__isnull', False), ('is_active', False)), _connector='OR'), name='user_deactivated_has_moment', violation_error_message='Somebody who is deactivated was so at some moment.'),
        ),
        migrations.AddConstraint(
            model_name='area',
            constraint=models.CheckConstraint(condition=models.Q(('path__endswith', '/')), name='area_path_ends_with_slash', violation_error_message='The path of an area ends with a slash.'),
        ),
        migrations.AddIndex(
            model_name='dutyshift',
            index=models.Index(fields=['area', 'ends_at'], name='duty_shift_area_end'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='duty_shift_ends_after_it_starts', violation_error_message='A shift ends after it starts.'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.UniqueConstraint(fields=('user', 'area', 'position', 'starts_at'), name='duty_shift_once', violation_error_message='This shift is already there.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None), ('used_at', None)), fields=('user',), name='invitation_one_open', violation_error_message='This person already has an open invitation.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('expires_at', None), ('token_hash', None)), models.Q(('expires_at__isnull', False), ('token_hash__isnull', False)), _connector='OR'), name='invitation_token_expires', violation_error_message='A link has a last moment.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('urn', ''), _negated=True), fields=('urn',), name='organisation_one_urn', violation_error_message='Another organisation has this URN.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('ukprn', ''), _negated=True), fields=('ukprn',), name='organisation_one_ukprn', violation_error_message='Another organisation has this UKPRN.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('charity_number', ''), _negated=True), fields=('charity_number',), name='organisation_one_charity_number', violation_error_message='Another organisation has this charity number.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('company_number', ''), _negated=True), fields=('company_number',), name='organisation_one_company_number', violation_error_message='Another organisation has this company number.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('ends_on__isnull', True)), fields=('user', 'organisation', 'role'), name='membership_once', violation_error_message='This person already has this role at this organisation.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='membership_ends_after_it_starts', violation_error_message='A role cannot end before it starts.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ends_on__isnull', False)), _connector='OR'), name='membership_ended_has_a_last_day', violation_error_message='A role that has ended has a last day.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cover__isnull', True), models.Q(('cover', models.F('user')), _negated=True), _connector='OR'), models.Q(('reports_to__isnull', True), models.Q(('reports_to', models.F('user')), _negated=True), _connector='OR')), name='membership_does_not_cover_or_report_to_itself', violation_error_message='Nobody reports to or stands in for themselves.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cover__isnull', True), ('cover_from__isnull', True), ('cover_until__isnull', True)), models.Q(('cover_from__isnull', False), ('cover_until__gte', models.F('cover_from')), ('cover_until__isnull', False)), _connector='OR'), name='membership_cover_has_dates', violation_error_message='Give the first and the last day of the absence.'),
        ),
        migrations.AddConstraint(
            model_name='recoverysheet',
            constraint=models.UniqueConstraint(fields=('user',), name='recovery_sheet_one_each'),
        ),
        migrations.AddConstraint(
            model_name='sharingagreement',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='sharing_agreement_ends_after_it_starts', violation_error_message='A sharing agreement cannot end before it starts.'),
        ),
    ]
